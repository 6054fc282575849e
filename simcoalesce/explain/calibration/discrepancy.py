"""Misfits: how far runs are from what was observed, and whether one could be so."""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Final, TypeAlias

from simcoalesce.experiment.estimate import Estimate, estimate
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.metrics.claim import Claim
from simcoalesce.scenario.condition import Number, Reference, Statement
from simcoalesce.scenario.incident import Observation

_LEAST: Final = 1e-6
"""What a comparison that is false misses at least."""

_Known: TypeAlias = Callable[[Reference], Number]


def discrepancy(
    observation: Observation,
    measured: MetricValues,
    reaches: Sequence[float] | None = None,
) -> float:
    """Return how far the mean of runs is from an observation.

    Args:
        observation: What was observed.
        measured: The runs.
        reaches: How far one run more may lie from the mean, for each comparison: what
            lies within weighs little, and the less the nearer it is to true.

    Returns:
        0 if it is true, at most 1: the relative distance of the sides of the comparison
        that is furthest from true.
    """
    parts = _parts(observation)
    known = reaches or [0.0] * len(parts)
    missed = (_miss(*pair, measured) for pair in zip(parts, known, strict=True))
    return max(missed, default=0.0)


def is_missed(observation: Observation, measured: MetricValues) -> bool:
    """Return whether a run is hardly ever as it was observed.

    What happened happened once: it need not be the mean of all runs, and is missed if
    it lies outside of the 95 % interval in which one run more is expected.

    Args:
        observation: What was observed.
        measured: The runs; of a single one nothing but itself is expected.
    """
    return any(_is_out_of_reach(part, measured) for part in _parts(observation))


def is_within_prediction(
    observation: Observation, measured: MetricValues
) -> tuple[float, ...]:
    """Return how far from the mean one run more may lie, for each comparison.

    Half of the 95 % interval in which left minus right of a further run is expected; 0
    if that is not known.

    Source:
        Hahn, Factors for calculating two-sided prediction intervals for samples from a
        normal distribution, JASA 64 (1969): sqrt(n + 1) times the interval of the mean.
    """
    return tuple(_reach(_difference(part, measured)) for part in _parts(observation))


def _parts(observation: Observation) -> tuple[Statement, ...]:
    return observation.that.parts if observation.that else ()


def _miss(part: Statement, reach: float, measured: MetricValues) -> float:
    left, right = _sides(part, lambda reference: _mean(measured, reference.name))
    if left is None or right is None:
        return 1.0
    if Claim("", part.comparison, right, "").truth(left, left) == "holds":
        return 0.0
    distance, largest = abs(left - right), max(abs(left), abs(right))
    if not distance:
        return _LEAST
    weight = distance / (distance + reach)
    return max(min(weight * distance / largest, 1.0), _LEAST)


def _is_out_of_reach(part: Statement, measured: MetricValues) -> bool:
    known = _difference(part, measured)
    if known.mean is None:
        return True
    low, high = known.mean - _reach(known), known.mean + _reach(known)
    return Claim("", part.comparison, 0.0, "").truth(low, high) == "fails"


def _reach(known: Estimate) -> float:
    if known.mean is None or known.high is None:
        return 0.0
    return (known.high - known.mean) * sqrt(known.n + 1)


def _difference(part: Statement, measured: MetricValues) -> Estimate:
    """Return left minus right, run by run."""
    runs = range(measured.replications)
    return estimate([_of_run(part, measured, run) for run in runs], unit="1")


def _of_run(part: Statement, measured: MetricValues, run: int) -> Number:
    left, right = _sides(part, lambda one: _value(measured, one.name, run))
    return None if left is None or right is None else left - right


def _sides(part: Statement, known: _Known) -> tuple[Number, Number]:
    left, right = part.sides
    return left.value(known), right.value(known)


def _mean(measured: MetricValues, name: str) -> Number:
    return measured.estimate(name).mean if name in measured.values else None


def _value(measured: MetricValues, name: str, run: int) -> Number:
    return measured.values[name][run] if name in measured.values else None
