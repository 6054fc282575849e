"""The faults: one file, one way for an origin to fail."""

# The idea comes first: it gathers its members, whichever of them is imported.
import simcoalesce.model.fault  # noqa: F401
