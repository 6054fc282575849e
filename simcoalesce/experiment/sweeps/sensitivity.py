"""Sensitivity: how far each parameter of a sweep moves a metric."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import StatisticsError, correlation

from simcoalesce.experiment.sweeps.sweep import Sweep
from simcoalesce.scenario.axis import Axis


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How far one parameter moves a metric.

    Attributes:
        key: The parameter.
        low: The least mean that one of its values has; over all points with the value.
        high: The greatest.
        low_at: The value that has the least.
        high_at: The value that has the greatest.
        rank_correlation: Spearman's, of the parameter and the metric, in [-1, 1]; None
            if the parameter is no number, or nothing varies.
    """

    key: str
    low: float
    high: float
    low_at: str
    high_at: str
    rank_correlation: float | None


def sensitivities(sweep: Sweep, metric: str) -> list[Sensitivity]:
    """Return the sensitivity to each parameter, the largest first.

    One at a time: the means along each axis. Of a grid: the mean over all points with
    a value. Of a random sample: the means of the points in the lower and in the upper
    half of the axis.

    Args:
        sweep: At least one of its points must have the metric, or there is none.
        metric: Its name.
    """
    known = [*_known(sweep, metric)]
    if not known:
        return []
    found = [
        _sensitivity(axis, index, known, sweep.plan.sample)
        for index, axis in enumerate(sweep.plan.axes)
    ]
    return sorted(found, key=lambda one: one.low - one.high)


Known = tuple[tuple[str, ...], float]
"""A point, and the mean of the metric there."""


def _known(sweep: Sweep, metric: str) -> Iterator[Known]:
    for values, point in zip(sweep.plan.points, sweep.points, strict=True):
        estimate = point.estimate(metric) if point else None
        if estimate and estimate.mean is not None:
            yield values, estimate.mean


def _sensitivity(
    axis: Axis, index: int, known: Sequence[Known], sample: str
) -> Sensitivity:
    if sample == "oat":
        rest = _others(known[0], index)
        known = [one for one in known if _others(one, index) == rest]
    groups: dict[str, list[float]] = {}
    labels = _labels(axis, index, known, sample)
    for value, (_, mean) in zip(labels, known, strict=True):
        groups.setdefault(value, []).append(mean)
    means = {value: fsum(group) / len(group) for value, group in groups.items()}
    low_at = min(means, key=lambda value: means[value])
    high_at = max(means, key=lambda value: means[value])
    numbers = [axis.number(point[index]) for point, _ in known]
    rank_correlation = _spearman(numbers, [mean for _, mean in known])
    return Sensitivity(
        axis.key, means[low_at], means[high_at], low_at, high_at, rank_correlation
    )


def _others(known: Known, index: int) -> tuple[str, ...]:
    point, _ = known
    return (*point[:index], *point[index + 1 :])


def _labels(axis: Axis, index: int, known: Sequence[Known], sample: str) -> list[str]:
    """Return for each point which value it is counted with."""
    values = [point[index] for point, _ in known]
    numbers = [number for value in values if (number := axis.number(value)) is not None]
    if ":" not in sample or len(numbers) < len(values):
        return values
    middle = sorted(numbers)[len(numbers) // 2]
    halves = ("lower ½", "upper ½")
    return [halves[number >= middle] for number in numbers]


def _spearman(numbers: Sequence[float | None], values: Sequence[float]) -> float | None:
    known = [(a, b) for a, b in zip(numbers, values, strict=True) if a is not None]
    try:
        return correlation(_ranks([a for a, _ in known]), _ranks([b for _, b in known]))
    except StatisticsError:
        return None


def _ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1, the mean rank for equal ones."""
    ranks: dict[float, list[int]] = {}
    for rank, value in enumerate(sorted(values), start=1):
        ranks.setdefault(value, []).append(rank)
    return [fsum(ranks[value]) / len(ranks[value]) for value in values]
