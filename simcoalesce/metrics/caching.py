"""What the caches did: cache hits, misses, and who fetched for whom."""

import numpy as np

from simcoalesce.metrics.stampede import stampedes
from simcoalesce.outcomes import Lookup, Outcomes, Role
from simcoalesce.units import NS_PER_S


def requests(outcomes: Outcomes) -> int:
    """Return how many requests arrived."""
    return len(outcomes.request_rows.request)


def errors(outcomes: Outcomes) -> int:
    """Return how many requests got no usable answer (status 400 or above)."""
    return requests(outcomes) - int(np.count_nonzero(outcomes.request_rows.answered))


def cache_hits(outcomes: Outcomes) -> int:
    """Return how many requests found a fresh value in a cache."""
    return _count_of(outcomes.request_rows.lookup, Lookup.HIT)


def cache_misses(outcomes: Outcomes) -> int:
    """Return how many requests found nothing usable in the caches."""
    return _count_of(outcomes.request_rows.lookup, Lookup.MISS)


def hit_ratio(outcomes: Outcomes) -> float | None:
    """Return the share of all requests that found a fresh value in a cache.

    A stale value that was served is not a cache hit: ``stale_served`` counts it.
    """
    total = requests(outcomes)
    return cache_hits(outcomes) / total if total else None


def stale_served(outcomes: Outcomes) -> int:
    """Return how many requests were served an expired value."""
    return _count_of(outcomes.request_rows.lookup, Lookup.STALE)


def leaders(outcomes: Outcomes) -> int:
    """Return how many misses fetched."""
    return _count_of(outcomes.request_rows.role, Role.LEADER)


def followers(outcomes: Outcomes) -> int:
    """Return how many misses waited for another's fetch."""
    return _count_of(outcomes.request_rows.role, Role.FOLLOWER)


def coalescing_ratio(outcomes: Outcomes) -> float | None:
    """Return followers / (leaders + followers), in [0, 1); 0 = every miss fetched."""
    followed = followers(outcomes)
    flights = leaders(outcomes) + followed
    return followed / flights if flights else None


def stampede_size_max(outcomes: Outcomes) -> int:
    """Return the most misses in one miss window; 0 without misses, 1 is no stampede."""
    return int(stampedes(outcomes).size.max(initial=0))


def miss_window_s(outcomes: Outcomes) -> float | None:
    """Return how long the miss window of the largest stampede was open.

    Only windows that a cache hit ended have a length; of several of the same size, the
    first to open counts. None if there is no such window.
    """
    windows = stampedes(outcomes)
    if not windows.is_closed.any():
        return None
    largest = int(np.argmax(np.where(windows.is_closed, windows.size, 0)))
    return int(windows.open_ns[largest]) / NS_PER_S


def _count_of(column: np.ndarray, code: int) -> int:
    return int(np.count_nonzero(column == int(code)))
