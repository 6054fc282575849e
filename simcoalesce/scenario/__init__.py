"""Scenarios: YAML files, checked at the door, with every error at its place."""
