"""The parameters of a calibration: one in each file."""
