"""The layers: one file, one step of a path."""
