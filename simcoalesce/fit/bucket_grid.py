"""Token buckets on a grid: each follows the log, and is contradicted by its calls."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.admissions import Admissions

_RATES: Final = 40
_BURSTS: Final = 12
_ROUNDS: Final = 4


class Bucket(NamedTuple):
    """A token bucket that fits a log, and between which rates it could lie."""

    rate_per_s: float
    burst: int
    contradictions: int
    least_per_s: float
    most_per_s: float


def fitted_bucket(calls: Admissions) -> Bucket:
    """Return the bucket that the fewest calls contradict, a round one if it may."""
    rates, bursts = _first_grid(calls)
    rate, burst, bad = rates[0], bursts[0], 0
    for _ in range(_ROUNDS):
        grid = np.meshgrid(rates, bursts)
        rate_of, burst_of = grid[0].ravel(), grid[1].ravel()
        all_bad = contradictions(calls, rate_of, burst_of, slack_s=0.0)
        index = int(np.argmin(all_bad))
        rate, burst, bad = rate_of[index], burst_of[index], int(all_bad[index])
        rates, bursts = _finer(rates, float(rate)), _finer_whole(bursts, float(burst))
    around = np.unique(np.concatenate([rates, np.linspace(0.97, 1.03, 61) * rate]))
    of_rate = contradictions(calls, around, np.full(len(around), burst), slack_s=0.0)
    as_good = around[of_rate <= bad + max(4.0, 2 * bad**0.5)]
    rate = _round_rate(calls, float(rate), float(burst), int(of_rate.min()))
    one = np.array([rate]), np.array([burst])
    sure = int(contradictions(calls, *one, slack_s=calls.slack_s)[0])
    return Bucket(rate, round(burst), sure, float(as_good.min()), float(as_good.max()))


def _round_rate(calls: Admissions, rate: float, burst: float, least: int) -> float:
    """Return the rate of the fewest digits that hardly more calls contradict."""
    tried = np.array([float(f"{rate:.{digits}g}") for digits in range(1, 5)])
    bad = contradictions(calls, tried, np.full(len(tried), burst), slack_s=0.0)
    good = np.flatnonzero(bad <= least + max(2.0, least**0.5))
    return float(tried[good[0]]) if len(good) else rate


def contradictions(
    calls: Admissions,
    rate_per_s: NDArray[np.float64],
    burst: NDArray[np.float64],
    *,
    slack_s: float,
) -> NDArray[np.int64]:
    """Return how many calls contradict each of several buckets.

    The state of a bucket follows the log: an admitted call takes a token even if there
    is none, a refused one says that there was none. A bucket that runs freely beside a
    log drifts away from it.

    Args:
        calls: Admitted and refused calls.
        rate_per_s: Of each bucket.
        burst: Of each bucket.
        slack_s: How wrong the instants may be.
    """
    tokens, last_s = burst.astype(np.float64), float(calls.at_s[0])
    bad = np.zeros(len(burst), dtype=np.int64)
    slack = rate_per_s * slack_s
    for at_s, refused in zip(calls.at_s.tolist(), calls.refused.tolist(), strict=True):
        tokens = np.minimum(burst, tokens + (at_s - last_s) * rate_per_s)
        last_s = at_s
        if refused:
            bad += tokens >= 1 + slack
            tokens = np.minimum(tokens, 1.0)
        else:
            lacks = tokens < 1 - slack
            bad += lacks
            tokens = np.where(lacks, 0.0, tokens - 1)
    return bad


def _first_grid(calls: Admissions) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    admitted = calls.at_s[~calls.refused]
    mean = max(len(admitted), 1) / max(calls.span_s, 1e-3)
    most = max(float(np.bincount(admitted.astype(np.int64)).max(initial=1)), mean)
    longest = np.diff(np.flatnonzero(calls.refused), prepend=-1).max(initial=2)
    bursts = np.unique(np.rint(np.geomspace(1, max(2, longest), _BURSTS)))
    return np.geomspace(mean / 3, most * 1.5, _RATES), bursts


def _finer(tried: NDArray[np.float64], best: float) -> NDArray[np.float64]:
    index = int(np.argmin(np.abs(tried - best)))
    least, most = tried[max(index - 1, 0)], tried[min(index + 1, len(tried) - 1)]
    return np.unique(np.append(np.linspace(least, most, _RATES), best))


def _finer_whole(tried: NDArray[np.float64], best: float) -> NDArray[np.float64]:
    index = int(np.argmin(np.abs(tried - best)))
    least, most = tried[max(index - 1, 0)], tried[min(index + 1, len(tried) - 1)]
    return np.unique(np.rint(np.append(np.linspace(least, most, _BURSTS), best)))
