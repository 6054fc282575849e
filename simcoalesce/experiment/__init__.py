"""Experiments: one run, and replications of it with paired seeds."""
