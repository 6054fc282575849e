"""Scenarios: YAML files, checked at the door, with every complaint at its place."""
