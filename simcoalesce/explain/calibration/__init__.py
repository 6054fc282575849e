"""Calibration: which observations contradict each other, and what would explain them.

The report is first taken as it stands. If some observations are then false, a beam
search looks for hypotheses: few parameters, changed as little as possible, so that all
observations are true.
"""
