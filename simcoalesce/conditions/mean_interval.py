"""Intervals of a mean: Student's t, and Hall's where most runs have the same number."""

from collections import Counter
from collections.abc import Sequence
from math import cbrt, fsum, sqrt
from typing import NamedTuple

from simcoalesce.conditions.binomial import lower_bound
from simcoalesce.conditions.student_t import t_quantile


class MeanInterval(NamedTuple):
    """Mean, sample standard deviation, and the 95 % interval of the mean."""

    mean: float
    sd: float
    low: float
    high: float


def mean_interval(
    values: Sequence[float], *, is_positive: bool = False
) -> MeanInterval:
    """Return the mean of independent runs with its 95 % interval.

    Where more than half of the runs have the same number, and others another, as with a
    count that is nearly always zero, Student's t holds the mean far too seldom
    (docs/statistics.md): there it is widened by Hall's, which corrects for skewness.

    Args:
        values: Two numbers or more, not all of them equal.
        is_positive: Whether no run can have a number below 0: then a mean above 0 is
            certain as soon as one run is above it.

    Source:
        Law, Simulation Modeling and Analysis, 5th ed., section 4.5; for skewed numbers
        `_hall`.
    """
    count = len(values)
    mean = fsum(values) / count
    deviations = [value - mean for value in values]
    sd = sqrt(fsum(one**2 for one in deviations) / (count - 1))
    half = t_quantile(count - 1) * sd / sqrt(count)
    usual, times = Counter(values).most_common(1)[0]
    if 2 * times <= count:
        return MeanInterval(mean, sd, mean - half, mean + half)
    skewness = _skewness(deviations)
    low, high = _hall(mean, sd, skewness, count)
    low, high = min(low, mean - half), max(high, mean + half)
    if is_positive and not usual:
        low = max(low, _least_mean(values))
    return MeanInterval(mean, sd, low, high)


def _skewness(deviations: Sequence[float]) -> float:
    largest = max(map(abs, deviations))
    scaled = [one / largest for one in deviations]
    variance, third = (fsum(one**n for one in scaled) / len(scaled) for n in (2, 3))
    return third / (variance * sqrt(variance))


def _hall(mean: float, sd: float, skewness: float, count: int) -> tuple[float, float]:
    """Return the interval of a mean by Hall's transformation, with quantiles of t.

    Source:
        Hall, On the removal of skewness by transformation, Journal of the Royal
        Statistical Society B 54 (1992), pp. 221-228.
    """
    t = t_quantile(count - 1)
    if abs(skewness) < 1e-6:
        half = t * sd / sqrt(count)
        return mean - half, mean + half

    def inverse(quantile: float) -> float:
        shifted = quantile / sqrt(count) - skewness / (6 * count)
        return 3 / skewness * (cbrt(1 + skewness * shifted) - 1)

    return mean - sd * inverse(t), mean - sd * inverse(-t)


def _least_mean(values: Sequence[float]) -> float:
    """Return the lower bound of the mean of numbers that are mostly 0, else above it.

    It is the exact bound of the share of those above 0, times the least of them.
    """
    others = [one for one in values if one]
    return lower_bound(len(others), len(values), 0.025) * min(others)
