"""Panels: what charts that can be asked show, as plain numbers."""
