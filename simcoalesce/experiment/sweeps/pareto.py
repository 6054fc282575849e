"""Pareto front: points of a sweep that no other dominates in all of some metrics."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from simcoalesce.conditions.selection import selector_of
from simcoalesce.experiment.answered import is_of_answered, same_are_answered
from simcoalesce.experiment.difference import paired
from simcoalesce.experiment.direction import direction_of, known_metrics
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.sweeps.sweep import Sweep

_BETWEEN_COMMAS: Final = re.compile(r"(?:^|,)((?:[^,\[]|\[[^\]]*\]?)*+)")
"""Names; a comma between brackets is a part of one."""
ParetoVerdict = Literal["front", "undecided", "dominated"]
"""undecided: the mean of another point is better, but not beyond the interval."""


@dataclass(frozen=True, slots=True)
class ParetoPoint:
    """Where a point of a sweep lies.

    Attributes:
        index: The point.
        verdict: On the front, dominated by another, or the seeds do not decide.
        dominated_by: The point that dominates it, or may; None on the front.
    """

    index: int
    verdict: ParetoVerdict
    dominated_by: int | None = None


@dataclass(frozen=True)
class ParetoFront:
    """A sweep, seen from several metrics at once.

    Attributes:
        sweep: The sweep.
        metrics: Their names, two or more.
        points: Each point that has all of them, in the order of the plan.
    """

    sweep: Sweep
    metrics: tuple[str, ...]
    points: tuple[ParetoPoint, ...]

    @property
    def front(self) -> tuple[ParetoPoint, ...]:
        """The points that are not dominated, as far as the seeds decide."""
        return tuple(one for one in self.points if one.verdict != "dominated")

    @property
    def not_comparable(self) -> tuple[str, ...]:
        """The metrics by which points do not compare: they answer other requests.

        Each point is held against the one with fewest errors. Those of a part of the
        requests need what `compared_by` names.
        """
        found = filter(is_of_answered, self.metrics)
        return tuple(one for one in found if not self._compare_by(selector_of(one)))

    def _compare_by(self, selector: str) -> bool:
        """Say whether all points answer the same of all requests, or of a part."""
        every = [_measured(self.sweep, one.index) for one in self.points]
        if not every:
            return True
        name = f"errors{selector}"
        best = min(every, key=lambda one: one.estimate(name).mean or 0.0)
        return all(same_are_answered(best, one, selector) for one in every)

    def mean(self, index: int, metric: str) -> float:
        """Return the mean of a metric at a point that has it."""
        return _mean(_measured(self.sweep, index), metric)


def pareto_metrics(text: str) -> tuple[str, ...]:
    """Return the metrics that a text names, between commas.

    Raises:
        ValueError: If one is unknown or has no better direction, or there are not two.
    """
    names = known_metrics([name.strip() for name in _BETWEEN_COMMAS.findall(text)])
    for name in names:
        if direction_of(name) is None:
            raise ValueError(
                f"{name} is neither better when less nor when more; name others, e.g."
                " origin_hits,cost_month_usd"
            )
    if len(names) < 2:
        raise ValueError(
            f'"{text}": a front needs two metrics, e.g. origin_hits,cost_month_usd'
        )
    return tuple(names)


def pareto_front(sweep: Sweep, metrics: Sequence[str]) -> ParetoFront:
    """Return which points of a sweep no other dominates in all of some metrics.

    A point is dominated by another that is better in one metric at least, and in each
    better or the same: better if the whole 95 % interval of the difference, paired seed
    by seed, is on the better side, the same if no seed makes a difference. A point that
    is dominated by means only is undecided. With one seed its numbers decide.

    Args:
        sweep: Points that failed, have not all metrics, or from whose runs nothing
            follows, are left out.
        metrics: Their names; each must have a direction.
    """
    known = [index for index in range(len(sweep.points)) if _has(sweep, index, metrics)]
    means = {
        index: [
            _mean(_measured(sweep, index), metric) * (direction_of(metric) or -1)
            for metric in metrics
        ]
        for index in known
    }
    by_means = {index: [*_better_by_mean(index, means)] for index in known}
    # Who is dominated by nobody comes first, as the likeliest to dominate beyond doubt.
    for others in by_means.values():
        others.sort(key=lambda other: len(by_means[other]))
    found = (_point(sweep, metrics, index, by_means[index]) for index in known)
    return ParetoFront(sweep, tuple(metrics), tuple(found))


def _better_by_mean(index: int, means: dict[int, list[float]]) -> Iterator[int]:
    here = means[index]
    for other, there in means.items():
        is_as_good = all(a >= b for a, b in zip(there, here, strict=True))
        if is_as_good and there != here:
            yield other


def _point(
    sweep: Sweep, metrics: Sequence[str], index: int, others: Sequence[int]
) -> ParetoPoint:
    here = _measured(sweep, index)
    for other in others:
        if _dominates(_measured(sweep, other), here, metrics):
            return ParetoPoint(index, "dominated", other)
    if others:
        return ParetoPoint(index, "undecided", others[0])
    return ParetoPoint(index, "front")


def _dominates(other: MetricValues, here: MetricValues, metrics: Sequence[str]) -> bool:
    """Return whether one is better than the other or the same in each metric."""
    is_better = False
    for metric in metrics:
        change = paired(metric, here, other).change
        if change.mean == 0 and not change.sd:
            continue
        ends = (change.low, change.high) if change.n > 1 else (change.mean, change.mean)
        if any(end is None or end * (direction_of(metric) or -1) <= 0 for end in ends):
            return False
        is_better = True
    return is_better


def _has(sweep: Sweep, index: int, metrics: Sequence[str]) -> bool:
    point = sweep.points[index]
    if point is None or point.no_verdict:
        return False
    known = [point.estimate(metric) for metric in metrics]
    return all(one is not None and one.mean is not None for one in known)


def _measured(sweep: Sweep, index: int) -> MetricValues:
    point = sweep.points[index]
    if point is None or point.measured is None:
        raise ValueError(f"point {index} has no numbers")
    return point.measured


def _mean(measured: MetricValues, metric: str) -> float:
    mean = measured.estimate(metric).mean
    if mean is None:
        raise ValueError(f"a point has no {metric}")
    return mean
