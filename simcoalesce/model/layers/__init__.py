"""The layers: one file, one step of a path."""

# The idea comes first: it gathers its members, whichever of them is imported.
import simcoalesce.model.layer  # noqa: F401
