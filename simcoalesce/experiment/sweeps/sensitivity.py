"""Effects: how far each parameter of a sweep moves a metric."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from simcoalesce.experiment.sweeps.sweep import Sweep
from simcoalesce.scenario.axis import Axis


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one parameter does.

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
    """Return the effect of each parameter, the largest first.

    One at a time: the means along each axis. Of a grid: the mean over all points with
    a value. Of a random sample: the means of the points in the lower and in the upper
    half of the axis.

    Args:
        sweep: At least one of its points must have the metric, or there is no effect.
        metric: Its name.
    """
    known = [*_known(sweep, metric)]
    if not known:
        return []
    found = [
        _effect(axis, place, known, sweep.plan.sample)
        for place, axis in enumerate(sweep.plan.axes)
    ]
    return sorted(found, key=lambda effect: effect.low - effect.high)


Known = tuple[tuple[str, ...], float]
"""A point, and the mean of the metric there."""


def _known(sweep: Sweep, metric: str) -> Iterator[Known]:
    for values, point in zip(sweep.plan.points, sweep.points, strict=True):
        estimate = point.estimate(metric) if point else None
        if estimate and estimate.mean is not None:
            yield values, estimate.mean


def _effect(axis: Axis, place: int, known: Sequence[Known], sample: str) -> Sensitivity:
    if sample == "oat":
        known = [
            one for one in known if _others(one, place) == _others(known[0], place)
        ]
    groups: dict[str, list[float]] = {}
    for value, (_, mean) in zip(
        _labels(axis, place, known, sample), known, strict=True
    ):
        groups.setdefault(value, []).append(mean)
    means = {value: fsum(group) / len(group) for value, group in groups.items()}
    low_at = min(means, key=lambda value: means[value])
    high_at = max(means, key=lambda value: means[value])
    numbers = [axis.number(point[place]) for point, _ in known]
    correlation = _spearman(numbers, [mean for _, mean in known])
    return Sensitivity(
        axis.key, means[low_at], means[high_at], low_at, high_at, correlation
    )


def _others(known: Known, place: int) -> tuple[str, ...]:
    point, _ = known
    return (*point[:place], *point[place + 1 :])


def _labels(axis: Axis, place: int, known: Sequence[Known], sample: str) -> list[str]:
    """Return for each point which value it is counted with."""
    values = [point[place] for point, _ in known]
    numbers = [number for value in values if (number := axis.number(value)) is not None]
    if ":" not in sample or len(numbers) < len(values):
        return values
    middle = sorted(numbers)[len(numbers) // 2]
    halves = ("lower ½", "upper ½")
    return [halves[number >= middle] for number in numbers]


def _spearman(numbers: Sequence[float | None], values: Sequence[float]) -> float | None:
    known = [(a, b) for a, b in zip(numbers, values, strict=True) if a is not None]
    if len(known) < 2:
        return None
    x, y = _ranks([a for a, _ in known]), _ranks([b for _, b in known])
    middle = (len(known) + 1) / 2
    spread_x = fsum((a - middle) ** 2 for a in x)
    spread_y = fsum((b - middle) ** 2 for b in y)
    if not spread_x or not spread_y:
        return None
    both = fsum((a - middle) * (b - middle) for a, b in zip(x, y, strict=True))
    return both / sqrt(spread_x * spread_y)


def _ranks(values: Sequence[float]) -> list[float]:
    """Return ranks from 1, the mean rank for equal ones."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    places: dict[float, list[int]] = {}
    for rank, place in enumerate(order, start=1):
        places.setdefault(values[place], []).append(rank)
    return [fsum(places[value]) / len(places[value]) for value in values]
