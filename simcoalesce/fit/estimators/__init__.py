"""What a log tells: one file for each part of a scenario."""
