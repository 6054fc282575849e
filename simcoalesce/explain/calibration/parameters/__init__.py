"""The parameters: each file holds one parameter that a reading can turn."""
