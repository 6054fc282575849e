"""Change points: where the rate of arrivals changes."""

import numpy as np
from numpy.typing import NDArray


def change_points(counts: NDArray[np.int64]) -> list[int]:
    """Return the bins at which the rate of Poisson counts changes, in order.

    The segmentation has the least cost, the sum of the segments' deviances and three
    times the logarithm of the number of bins for each change.

    Args:
        counts: Requests in each bin, shape (n,), at most some thousand bins.

    Source:
        Killick, Fearnhead and Eckley, "Optimal detection of changepoints with a linear
        computational cost", JASA 107 (2012): PELT.
    """
    total = np.concatenate([[0], np.cumsum(counts)]).astype(np.float64)
    bins = len(counts)
    penalty = 3.0 * np.log(max(bins, 2))
    best = np.full(bins + 1, np.inf)
    best[0], last = -penalty, np.zeros(bins + 1, dtype=np.int64)
    starts = np.zeros(1, dtype=np.int64)
    for end in range(1, bins + 1):
        cost = best[starts] + _deviance(total[end] - total[starts], end - starts)
        least = int(np.argmin(cost))
        best[end], last[end] = cost[least] + penalty, starts[least]
        starts = np.append(starts[cost <= best[end]], end)
    found = []
    while end > 0:
        end = int(last[end])
        found.append(end)
    return found[-2::-1]


def _deviance(
    requests: NDArray[np.float64], bins: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return twice the negative log-likelihood of counts at one rate, up to a sum."""
    rate = np.maximum(requests, 1e-300) / bins
    return -2.0 * (requests * np.log(rate) - requests)
