"""Exact binomial bounds: how often something happens that was seen k times in n runs.

Computed without SciPy, which no user needs otherwise.
"""

from functools import lru_cache
from math import ceil, exp, expm1, floor, lgamma, log, log1p
from typing import Final

MISS: Final = 0.05
"""The probability of an error of a one-sided 95 % bound."""

_SMALLEST: Final = 1e-300
_STEPS: Final = 60


@lru_cache(maxsize=4_096)
def lower_bound(seen: int, runs: int, miss: float = MISS) -> float:
    """Return the one-sided lower bound of a probability, by Clopper and Pearson.

    Args:
        seen: In how many runs it happened.
        runs: Of how many, at least 1.
        miss: How often at most the bound lies above the probability.

    Raises:
        ValueError: If it happened in more runs than there are.

    Source:
        Clopper and Pearson, The use of confidence or fiducial limits illustrated in the
        case of the binomial, Biometrika 26 (1934), pp. 404-413.
    """
    if not 0 <= seen <= runs or not runs:
        raise ValueError(f"{seen} of {runs} runs: there is no such share")
    if not seen:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        is_low = at_least(seen, runs, middle) < miss
        low, high = (middle, high) if is_low else (low, middle)
    return low


def upper_bound(seen: int, runs: int, miss: float = MISS) -> float:
    """Return the one-sided upper bound; arguments as for `lower_bound`.

    >>> round(upper_bound(0, 30), 4)
    0.095
    """
    if not seen:
        return -expm1(log(miss) / runs)
    return 1 - lower_bound(runs - seen, runs, miss)


def at_least(seen: int, runs: int, ratio: float) -> float:
    """Return the probability of at least so many successes in independent runs.

    Args:
        seen: How many successes.
        runs: Of how many runs.
        ratio: The probability of a success.

    Source:
        DLMF 8.17.5: it is the regularised incomplete beta function I(seen, runs - seen
        + 1).
    """
    if seen <= 0 or ratio >= 1:
        return 1.0
    if seen > runs or ratio <= 0:
        return 0.0
    a, b = seen, runs - seen + 1
    logarithm = a * log(ratio) + b * log1p(-ratio)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + logarithm)
    if ratio < (a + 1) / (a + b + 2):
        return front * _fraction(a, b, ratio) / a
    return 1 - front * _fraction(b, a, 1 - ratio) / b


def _fraction(a: int, b: int, x: float) -> float:
    """Return the continued fraction of the incomplete beta function.

    Source:
        DLMF 8.17.22, by the algorithm of Lentz (DLMF 3.10(iii)).
    """
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1) or _SMALLEST)
    value = d
    for m in range(1, 1_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / (1 + step * d or _SMALLEST)
            c = 1 + step / c or _SMALLEST
            value *= c * d
        if abs(c * d - 1) < 1e-14:
            break
    return value


def runs_for(share_ratio: float, limit_ratio: float, miss: float = MISS) -> int | None:
    """Return about how many runs part a share from a limit, if it stays as it is.

    None if they are the same. Where nothing was seen, or all, the number is exact.

    >>> runs_for(0, 0.01)
    299
    """
    if share_ratio == limit_ratio or not 0 < limit_ratio < 1:
        return None

    def is_enough(runs: int) -> bool:
        if share_ratio < limit_ratio:
            return upper_bound(ceil(share_ratio * runs), runs, miss) <= limit_ratio
        seen = floor(share_ratio * runs)
        return lower_bound(seen, runs, miss) >= limit_ratio

    high = 1
    while not is_enough(high):
        high *= 2
        if high > 10**9:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high
