"""YAML: from a text to checked values, with every error at its position."""
