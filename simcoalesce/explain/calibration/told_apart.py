"""What tells hypotheses apart: the metrics that differ most between them."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.calibration.candidate import Candidate, Candidates
from simcoalesce.explain.calibration.hypothesis import DistinguishingMetric
from simcoalesce.metrics import METRICS

_MOST: Final = 2
"""How many metrics are named."""
_LEAST: Final = 0.1
"""A smaller difference, as a share of the larger number, tells nothing."""
_ONE_SIDED: Final = 0.5
"""How large a difference is if a metric exists on one side only."""
_DERIVED: Final = ("cost_", "_ratio", "_per_window")
"""Metrics that counts tell better: what a bill is made of, and shares."""


def told_apart(
    candidates: Candidates, chosen: Sequence[Candidate]
) -> list[tuple[DistinguishingMetric, ...]]:
    """Return for each hypothesis what tells it from the first one.

    For the first one it is what tells it from the second. A metric of an observation
    tells nothing: all of them explain it.
    """
    if len(chosen) < 2:
        return [() for _ in chosen]
    observed = {
        name for one in candidates.observed if one.that for name in one.that.names
    }
    measured = [candidates.measured(one) for one in chosen]
    others = [measured[1], *(measured[0] for _ in measured[1:])]
    return [
        _differences(here, there, observed)
        for here, there in zip(measured, others, strict=True)
    ]


def _differences(
    here: MetricValues, there: MetricValues, observed: set[str]
) -> tuple[DistinguishingMetric, ...]:
    names = [
        name
        for name in METRICS
        if name not in observed and not any(part in name for part in _DERIVED)
    ]
    found = [
        DistinguishingMetric(name, here.estimate(name).mean, there.estimate(name).mean)
        for name in names
        if name in here.values and name in there.values
    ]
    telling = [one for one in found if _size(one) >= _LEAST]
    return tuple(sorted(telling, key=_size, reverse=True)[:_MOST])


def _size(one: DistinguishingMetric) -> float:
    """Return how large a difference is, as a share of the larger number."""
    if one.here is None or one.there is None:
        return 0.0 if one.here is one.there else _ONE_SIDED
    largest = max(abs(one.here), abs(one.there))
    return abs(one.here - one.there) / largest if largest else 0.0
