"""Counterfactuals: what single changes, and those that shipped, would have done."""
