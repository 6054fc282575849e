"""What the caches did: cache hits, misses, and who fetched for whom."""

from simcoalesce.metrics.tally import (
    BYPASSES,
    ERRORS,
    FOLLOWERS,
    HITS,
    LEADERS,
    REQUESTS,
    STALE,
    Tally,
)
from simcoalesce.outcomes import NEVER
from simcoalesce.units import NS_PER_S


def requests(tally: Tally) -> int:
    """Return how many requests arrived."""
    return tally[REQUESTS]


def errors(tally: Tally) -> int:
    """Return how many requests got no usable answer (status 400 or above)."""
    return tally[ERRORS]


def error_ratio(tally: Tally) -> float | None:
    """Return the share of all requests that got no usable answer."""
    total = requests(tally)
    return errors(tally) / total if total else None


def cache_hits(tally: Tally) -> int:
    """Return how many requests found a fresh value in a cache."""
    return tally[HITS]


def cache_misses(tally: Tally) -> int:
    """Return how many requests found nothing usable in the caches they asked."""
    served = cache_hits(tally) + stale_served(tally)
    return requests(tally) - served - cache_bypasses(tally)


def cache_bypasses(tally: Tally) -> int:
    """Return how many requests no cache may answer, as a POST: they ask none."""
    return tally[BYPASSES]


def hit_ratio(tally: Tally) -> float | None:
    """Return the share of the requests that a cache may answer and had a value for.

    A stale value that was served is not a cache hit: ``stale_served`` counts it. Those
    that bypass all caches are left out, as Fastly's hit ratio leaves out its passes
    (www.fastly.com/documentation, "Cache hit ratio", read 2026-11-30).
    """
    total = requests(tally) - cache_bypasses(tally)
    return cache_hits(tally) / total if total else None


def stale_served(tally: Tally) -> int:
    """Return how many requests were served an expired value."""
    return tally[STALE]


def leaders(tally: Tally) -> int:
    """Return how many misses fetched."""
    return tally[LEADERS]


def followers(tally: Tally) -> int:
    """Return how many misses waited for another's fetch."""
    return tally[FOLLOWERS]


def coalescing_ratio(tally: Tally) -> float | None:
    """Return followers / (leaders + followers), in [0, 1); 0 = every miss fetched."""
    flights = leaders(tally) + followers(tally)
    return followers(tally) / flights if flights else None


def stampede_size_max(tally: Tally) -> int:
    """Return the most misses in one miss window; 0 without misses, 1 is no stampede.

    Of a request with several attempts the last one counts.
    """
    return tally.stampede_size_max


def miss_window_s(tally: Tally) -> float | None:
    """Return how long the miss window of the largest stampede was open.

    Only windows that a cache hit ended have a length; of several of the same size, the
    first to open counts. None if there is no such window.
    """
    window_ns = tally.miss_window_ns
    return None if window_ns == NEVER else window_ns / NS_PER_S
