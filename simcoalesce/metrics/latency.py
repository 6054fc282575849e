"""What users waited: exact percentiles, of answered requests and of errors apart."""

from collections.abc import Callable

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


def latency_max_s(outcomes: Outcomes) -> float | None:
    """Return the longest latency of the answered requests."""
    return _longest_s(answered_ns(outcomes))


def latency_error_max_s(outcomes: Outcomes) -> float | None:
    """Return the longest latency of the requests that got an error."""
    return _longest_s(error_ns(outcomes))


def latency_percentile(percent: int) -> Callable[[Outcomes], float | None]:
    """Return the metric `latency_p<percent>_s`: of answered requests."""
    return lambda outcomes: percentile_s(answered_ns(outcomes), percent)


def latency_error_percentile(percent: int) -> Callable[[Outcomes], float | None]:
    """Return the metric `latency_error_p<percent>_s`: of requests with an error."""
    return lambda outcomes: percentile_s(error_ns(outcomes), percent)


def answered_ns(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the latencies of the requests that got a usable answer."""
    rows = outcomes.request_rows
    return rows.latency_ns[rows.answered]


def error_ns(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the latencies of the requests that got an error."""
    rows = outcomes.request_rows
    return rows.latency_ns[~rows.answered]


def _longest_s(latencies_ns: NDArray[np.int64]) -> float | None:
    return int(latencies_ns.max()) / NS_PER_S if len(latencies_ns) else None
