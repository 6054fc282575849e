"""Counterfactuals: what each remedy does alone and together, and how far it must go."""
