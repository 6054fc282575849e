"""What the run used: operations that the platform counts and prices."""

from simcoalesce.metrics.tally import Tally


def kv_reads(tally: Tally) -> int:
    """Return how many reads KV answered, of absent keys too."""
    return _counted(tally, "kv_reads")


def kv_writes(tally: Tally) -> int:
    """Return how many puts KV accepted."""
    return _counted(tally, "kv_writes")


def kv_writes_refused(tally: Tally) -> int:
    """Return how many puts KV refused, being too many for their key."""
    return _counted(tally, "kv_writes_refused")


def object_requests(tally: Tally) -> int:
    """Return how many requests durable objects received."""
    return _counted(tally, "object_requests")


def object_peak_queue(tally: Tally) -> int:
    """Return the most requests that waited before one object at one instant."""
    return _counted(tally, "object_peak_queue")


def _counted(tally: Tally, unit: str) -> int:
    return int(tally.usage.get(unit, 0))
