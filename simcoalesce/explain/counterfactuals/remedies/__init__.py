"""The fixes: each file holds one change."""
