"""Discrepancy: how far runs are from an observation, and whether chance explains it."""

from collections.abc import Sequence
from math import inf, isinf, sqrt
from typing import Final

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.expression import Number, Reference
from simcoalesce.conditions.statement import Statement
from simcoalesce.conditions.student_t import t_quantile
from simcoalesce.conditions.truth import truth_of
from simcoalesce.experiment.metric_values import MetricValues, Values
from simcoalesce.scenario.incident import Observation

_LEAST: Final = 1e-6
"""The discrepancy of a comparison that is false by no distance, such as 100 < 100."""


def discrepancy(
    observation: Observation,
    measured: MetricValues,
    half_widths: Sequence[float] | None = None,
) -> float:
    """Return how far the mean of runs is from an observation.

    Args:
        observation: What was observed.
        measured: The runs.
        half_widths: Of the prediction interval of each comparison: a distance within
            it weighs little, and the less the smaller it is.

    Returns:
        0 if the observation is true, at most 1: the relative distance of the two sides
        of the comparison that is furthest from true.
    """
    parts = _parts(observation)
    widths = half_widths or [0.0] * len(parts)
    distances = (_distance(*pair, measured) for pair in zip(parts, widths, strict=True))
    return max(distances, default=0.0)


def is_unexplained(observation: Observation, measured: MetricValues) -> bool:
    """Return whether an observation lies outside of the 95 % prediction interval.

    The incident happened once: it is one further run, not the mean of all. The interval
    of a single run has no width. An instant that never comes is later than any other.
    """
    return any(_is_outside(part, measured) for part in _parts(observation))


def prediction_half_widths(
    observation: Observation, measured: MetricValues
) -> tuple[float, ...]:
    """Return half of the 95 % prediction interval of each comparison.

    It is of left minus right in one further run; 0 if it is not known.

    Source:
        Hahn, Factors for calculating two-sided prediction intervals for samples from a
        normal distribution, JASA 64 (1969): sqrt(n + 1) times the interval of the mean.
    """
    parts = _parts(observation)
    return tuple(prediction_half_width(_difference(part, measured)) for part in parts)


def _parts(observation: Observation) -> tuple[Statement, ...]:
    return observation.that.statements if observation.that else ()


def _distance(part: Statement, half_width: float, measured: MetricValues) -> float:
    left, right = (
        side.value(lambda one: _mean(measured, one.name))
        for side in (part.left, part.right)
    )
    if left is None or right is None:
        return 1.0
    if truth_of(part.comparison, left, left, right) == "holds":
        return 0.0
    distance, largest = abs(left - right), max(abs(left), abs(right))
    if isinf(largest):  # one of them never comes
        return 1.0
    if not distance:
        return _LEAST
    weight = distance / (distance + half_width)
    return max(min(weight * distance / largest, 1.0), _LEAST)


def _is_outside(part: Statement, measured: MetricValues) -> bool:
    known = _difference(part, measured)
    if known.point is None:
        return True
    half_width = prediction_half_width(known)
    # An end is infinite where an instant never comes, in some runs or in all.
    low = -inf if known.low == -inf else known.point - half_width
    high = inf if known.high == inf else known.point + half_width
    return truth_of(part.comparison, low, high, 0.0) == "fails"


def prediction_half_width(known: Estimate) -> float:
    """Return half of the 95 % interval in which one further run lies."""
    if not known.sd:
        return 0.0
    return t_quantile(known.n - 1) * known.sd * sqrt(1 + 1 / known.n)


def _difference(part: Statement, measured: MetricValues) -> Estimate:
    """Return left minus right, run by run."""
    none: Values = (None,) * measured.replications

    def column(one: Reference) -> Values:
        return measured.column(one.name) if one.name in measured.values else none

    values = part.difference.values(column, measured.replications)
    return estimate(values, unit="1")


def _mean(measured: MetricValues, name: str) -> Number:
    return measured.estimate(name).point if name in measured.values else None
