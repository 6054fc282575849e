"""Queue or service: whether calls wait for servers of the origin, and for how many."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapreplace
from typing import Final

import numpy as np
from numpy.typing import NDArray

_LEAST_CORRELATION: Final = 0.3
_MOST_SERVERS: Final = 500
_FEWEST: Final = 30
_FEWEST_CALLS: Final = 100
_MANY: Final = 200
_SLACK_S: Final = 0.002
_MOST_IMPOSSIBLE: Final = 0.005
"""The share of calls that may end before a server was free, by the log."""


@dataclass(frozen=True)
class QueueFit:
    """Servers of one queue, first come first served, that explain what calls took.

    Attributes:
        servers: How many.
        least: The fewest that are nearly as good.
        most: The most that are nearly as good.
        service_s: How long calls were served, shape (some,): of those that waited, if
            they are many. What a connection takes besides is no part of their service,
            since the call before them has paid it; it would make each queue longer.
        waited: How many calls waited for a server.
        mismatch_ratio: How much longer (or shorter) the service of those who waited is
            than that of the others.
    """

    servers: int
    least: int
    most: int
    service_s: NDArray[np.float64]
    waited: int
    mismatch_ratio: float


def in_flight_counts(
    at_s: NDArray[np.float64], until_s: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return how many calls were under way when each was made; instants ascend."""
    ended = np.searchsorted(np.sort(until_s), at_s, side="right")
    counts: NDArray[np.int64] = np.maximum(np.arange(len(at_s)) - ended, 0)
    return counts


def rank_correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float:
    """Return Spearman's correlation; 0 where one of them is constant.

    >>> one = np.array([1.0, 2.0, 3.0])
    >>> rank_correlation(one, one**2), rank_correlation(one, np.ones(3))
    (1.0, 0.0)
    """
    if len(first) < 2 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    ranks = [np.unique(one, return_inverse=True)[1] for one in (first, second)]
    counts = [np.bincount(one) for one in ranks]
    middle = [np.cumsum(one) - (one - 1) / 2 for one in counts]
    mids = [of[rank] for of, rank in zip(middle, ranks, strict=True)]
    return round(float(np.corrcoef(mids[0], mids[1])[0, 1]), 12)


def queue_fit(
    at_s: NDArray[np.float64], until_s: NDArray[np.float64]
) -> QueueFit | None:
    """Return the queue that a log tells of; None if latency does not grow with load.

    The servers follow the log: each call takes the server that was free first, by the
    instants of the log. With too few servers some end before one was free, and those
    who waited seem to be served faster than the others; with too many, slower. Where
    hardly anybody finds a server free, the fewest that are possible are taken.

    Args:
        at_s: When each admitted call was made, ascending.
        until_s: When each was answered.
    """
    flying = in_flight_counts(at_s, until_s)
    took_s = until_s - at_s
    if len(at_s) < _FEWEST_CALLS:
        return None
    if rank_correlation(flying.astype(np.float64), took_s) < _LEAST_CORRELATION:
        return None
    most = min(int(flying.max(initial=1)), _MOST_SERVERS)
    tried = dict(_possible(at_s, until_s, most))
    if not tried:
        return None
    best = min(tried, key=lambda one: abs(tried[one]))
    near = [one for one, apart in tried.items() if abs(apart) <= 2 * abs(tried[best])]
    service_s, waited = services(at_s, until_s, best)
    service_s = np.maximum(service_s, 0.0)
    count = int(waited.sum())
    own_s = service_s[waited] if count >= _MANY else service_s
    return QueueFit(best, min(near), max(near), own_s, count, tried[best])


def _possible(
    at_s: NDArray[np.float64], until_s: NDArray[np.float64], most: int
) -> Iterator[tuple[int, float]]:
    """Yield numbers of servers, and how much longer those who waited are served."""
    for servers in range(1, most + 1):
        service_s, waited = services(at_s, until_s, servers)
        if (service_s < -_SLACK_S).mean() > _MOST_IMPOSSIBLE or waited.sum() < _FEWEST:
            continue
        if (~waited).sum() < _FEWEST:
            yield servers, 0.0
            return
        apart = float(service_s[waited].mean() / service_s[~waited].mean()) - 1
        yield servers, apart
        if apart > 1:
            return


def services(
    at_s: NDArray[np.float64], until_s: NDArray[np.float64], servers: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return how long each call was served, and which waited, with so many servers."""
    free_s = [0.0] * servers
    begun = np.empty(len(at_s))
    for index, (at, until) in enumerate(
        zip(at_s.tolist(), until_s.tolist(), strict=True)
    ):
        begun[index] = max(at, free_s[0])
        heapreplace(free_s, until)
    return until_s - begun, begun > at_s
