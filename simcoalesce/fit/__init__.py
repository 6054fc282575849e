"""A scenario fitted to a log: what the log tells, with evidence, and nothing else."""
