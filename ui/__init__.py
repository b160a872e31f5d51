"""What people see. Sentences, screens, charts and files; no SQL."""
