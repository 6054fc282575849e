"""Scenarios: YAML files, validated when they are read, each error at its position."""
