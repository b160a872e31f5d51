"""What is true (`rules`), how it is stored (`tables`) and where (`db`)."""
