"""Explanations: why a run went as it did, and what one change would have done."""
