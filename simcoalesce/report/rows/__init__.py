"""What reports read from the rows of a run: which part, in which bins, what kinds."""
