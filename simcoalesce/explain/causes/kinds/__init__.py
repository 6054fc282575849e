"""The causes: one in each file."""
