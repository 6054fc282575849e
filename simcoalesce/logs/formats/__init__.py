"""The formats of logs: a member for each file."""
