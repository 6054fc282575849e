"""Latency: exact percentiles, of answered requests and of errors apart."""

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes
from simcoalesce.units import NS_PER_S

PERCENTILES = (50, 90, 95, 99, 99.9)
"""The percentiles that have names."""


def percentile_s(latencies_ns: NDArray[np.int64], percent: float) -> float | None:
    """Return an exact percentile: the least latency that `percent` % do not exceed.

    It is the inverted empirical CDF, so it is always one of the latencies and never
    above their maximum. None unless n * (1 - p) >= 1, i.e. unless at least one latency
    is expected beyond it.

    Args:
        latencies_ns: Latencies in any order, shape (n,).
        percent: In [0, 100), to a tenth.

    Source:
        Hyndman and Fan, The American Statistician 50(4), 1996, definition 1.
    """
    count = len(latencies_ns)
    if count < fewest_for(percent):
        return None
    rank = rank_of(percent, count) - 1
    return int(np.partition(latencies_ns, rank)[rank]) / NS_PER_S


def rank_of(percent: float, count: int) -> int:
    """Return the rank of a percentile among so many, from 1 on.

    >>> [rank_of(percent, 1_000) for percent in (0, 50, 99, 99.9)]
    [1, 500, 990, 999]
    """
    return max(-(-count * round(percent * 10) // 1_000), 1)


def fewest_for(percent: float) -> int:
    """Return how many latencies a percentile needs.

    >>> [fewest_for(percent) for percent in (50, 90, 95, 99, 99.9)]
    [2, 10, 20, 100, 1000]
    """
    return -(-1_000 // (1_000 - round(percent * 10)))


def answered_ns(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the latencies of the requests that got a usable answer."""
    rows = outcomes.request_rows
    return rows.latency_ns[rows.answered]


def error_ns(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the latencies of the requests that got an error."""
    rows = outcomes.request_rows
    return rows.latency_ns[~rows.answered]
