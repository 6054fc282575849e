"""The faults: one file, one way for an origin to fail."""
