"""The targets: each file holds one real thing to run on."""
