"""Latency: exact percentiles, of answered requests and of errors apart."""

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes
from simcoalesce.units import NS_PER_S

PERCENTILES = (50, 90, 95, 99)
"""The percentiles that have names."""


def percentile_s(latencies_ns: NDArray[np.int64], percent: int) -> float | None:
    """Return an exact percentile: the least latency that `percent` % do not exceed.

    It is the inverted empirical CDF, so it is always one of the latencies and never
    above their maximum. None unless n * (1 - p) >= 1, i.e. unless at least one latency
    is expected beyond it.

    Args:
        latencies_ns: Latencies in any order, shape (n,).
        percent: In [0, 100).

    Source:
        Hyndman and Fan, The American Statistician 50(4), 1996, definition 1.
    """
    count = len(latencies_ns)
    if count < fewest_for(percent):
        return None
    rank = max(-(-count * percent // 100), 1) - 1
    return int(np.partition(latencies_ns, rank)[rank]) / NS_PER_S


def fewest_for(percent: int) -> int:
    """Return how many latencies a percentile needs.

    >>> [fewest_for(percent) for percent in (50, 90, 95, 99)]
    [2, 10, 20, 100]
    """
    return -(-100 // (100 - percent))


def answered_ns(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the latencies of the requests that got a usable answer."""
    rows = outcomes.request_rows
    return rows.latency_ns[rows.answered]


def error_ns(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the latencies of the requests that got an error."""
    rows = outcomes.request_rows
    return rows.latency_ns[~rows.answered]
