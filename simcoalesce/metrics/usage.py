"""What the run used: operations that the platform counts and prices."""

from simcoalesce.outcomes import Outcomes


def kv_reads(outcomes: Outcomes) -> int:
    """Return how many reads KV answered, of absent keys too."""
    return _counted(outcomes, "kv_reads")


def kv_writes(outcomes: Outcomes) -> int:
    """Return how many puts KV accepted."""
    return _counted(outcomes, "kv_writes")


def kv_writes_refused(outcomes: Outcomes) -> int:
    """Return how many puts KV refused, being too many for their key."""
    return _counted(outcomes, "kv_writes_refused")


def object_requests(outcomes: Outcomes) -> int:
    """Return how many requests durable objects received."""
    return _counted(outcomes, "object_requests")


def object_peak_queue(outcomes: Outcomes) -> int:
    """Return the most requests that waited before one object at one instant."""
    return _counted(outcomes, "object_peak_queue")


def _counted(outcomes: Outcomes, unit: str) -> int:
    return int(outcomes.usage.get(unit, 0))
