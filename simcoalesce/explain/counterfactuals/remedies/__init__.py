"""The remedies: one in each file."""
