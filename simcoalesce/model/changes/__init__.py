"""Changes of the edge: one file, one kind."""
