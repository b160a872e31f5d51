"""Weekly logs told without a signal: sheets that go out, come back, and are judged row by row before anything is stored."""
