"""Validation: the same scenario on a real runtime, and the prediction beside it."""
