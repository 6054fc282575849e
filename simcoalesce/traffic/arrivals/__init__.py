"""When requests arrive: a member for each file."""
