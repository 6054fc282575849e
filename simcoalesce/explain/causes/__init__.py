"""Causes: facts of an incident that can be taken out of it, and what each does."""
