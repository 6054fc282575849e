"""Which key a request asks for: a member for each file."""
