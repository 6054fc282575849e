"""Sweeps: one scenario at many points, on one core or on many machines."""
