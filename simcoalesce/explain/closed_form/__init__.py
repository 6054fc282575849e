"""Closed form: how many calls the settings predict, beside how many runs have."""
