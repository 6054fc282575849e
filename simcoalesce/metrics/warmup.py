"""Warm-up: how much of a run still shows that it began with nothing in it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes
from simcoalesce.units import NS_PER_S

_BATCH: Final = 5
_FEWEST: Final = 100
"""Batches; of fewer nothing can be said."""
_ALL_BUT: Final = 0.9
"""A cut in the last tenth of what may be cut is no cut: the run has not settled."""


def mser5(series: NDArray[np.float64]) -> int | None:
    """Return how many observations at the beginning of a series are its warm-up.

    It cuts where the standard error of what is left, over means of five, is least, and
    at most in the middle.

    Args:
        series: Observations in their order, shape (n,).

    Returns:
        The number of observations to leave out; None if the series has not settled by
        its middle, or has fewer than 500.

    Source:
        White, "An effective truncation heuristic for bias reduction in simulation
        output", Simulation 69 (1997), pp. 323-334; in batches of five: White, Cobb and
        Spratt, Proc. Winter Simulation Conference 2000, pp. 755-760.

    Example:
        >>> noise = np.tile([4.0, 6.0, 5.0], 1_000)
        >>> mser5(np.concatenate([np.full(50, 90.0), noise]))
        50
    """
    batches = len(series) // _BATCH
    if batches < _FEWEST:
        return None
    means = series[: batches * _BATCH].reshape(batches, _BATCH).mean(axis=1)
    # Squares of small numbers lose fewer digits.
    means = means - means.mean()
    left = np.arange(batches, 0, -1)
    sums = np.cumsum(means[::-1])[::-1]
    squares = np.cumsum(means[::-1] ** 2)[::-1]
    errors = (squares - sums**2 / left) / left**2
    most = batches // 2
    cut = int(np.argmin(errors[: most + 1]))
    return None if cut >= _ALL_BUT * most else cut * _BATCH


def warm_up_s(outcomes: Outcomes) -> float | None:
    """Return when the latency of a run has settled, by `mser5`.

    No metric leaves anything out: a run begins empty, and is measured whole. Whoever
    asks how steady traffic goes on takes the requests from this instant on.

    Where most latencies are one and the same number in both halves, as those of cache
    hits are, a few others do not unsettle them: the rule would cut behind the last one.

    Args:
        outcomes: One run, of steady traffic.

    Returns:
        The arrival of the first request behind the warm-up; None if the latency has
        not settled by the middle of the run, or fewer than 500 requests were answered.
    """
    rows = outcomes.request_rows
    answered = rows.answered
    latencies_ns = rows.latency_ns[answered]
    cut = mser5(latencies_ns.astype(float))
    if cut is None and _is_usual(latencies_ns):
        cut = 0
    if cut is None:
        return None
    return float(rows.arrived_at_ns[answered][cut] / NS_PER_S)


def _is_usual(latencies_ns: NDArray[np.int64]) -> bool:
    """Say whether more than half of both halves of a series are one number."""
    if len(latencies_ns) < _BATCH * _FEWEST:
        return False
    usual_ns = int(np.median(latencies_ns))
    halves = np.array_split(latencies_ns == usual_ns, 2)
    return all(2 * np.count_nonzero(half) > len(half) for half in halves)
