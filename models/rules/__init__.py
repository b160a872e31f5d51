"""What is true without a computer: no SQL, no screen, no clock. Imports nothing of ours but itself."""
