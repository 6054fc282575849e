"""Simulate request coalescing at the edge."""
