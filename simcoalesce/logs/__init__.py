"""Logs: any text file that says which requests came, read into columns."""
