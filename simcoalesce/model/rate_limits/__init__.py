"""The rate limits: one file, one way to say 429."""

# The idea comes first: it gathers its members, whichever of them is imported.
import simcoalesce.model.rate_limit  # noqa: F401
