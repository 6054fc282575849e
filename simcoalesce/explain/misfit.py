"""Misfits: how far runs are from what was observed."""

from typing import Final

from simcoalesce.experiment.measurements import Measurements
from simcoalesce.metrics.claim import Claim
from simcoalesce.scenario.condition import Number, Part
from simcoalesce.scenario.incident import Observation

_LEAST: Final = 1e-6
"""What a comparison that is false misses at least."""


def misfit(observation: Observation, measured: Measurements) -> float:
    """Return how far the mean of runs is from an observation.

    Args:
        observation: What was observed.
        measured: The runs.

    Returns:
        0 if it is true, at most 1: the relative distance of the sides of the comparison
        that is furthest from true.
    """
    if observation.that is None:
        return 0.0
    return max(_miss(part, measured) for part in observation.that.parts)


def _miss(part: Part, measured: Measurements) -> float:
    left, right = (
        side.value(lambda reference: _mean(measured, reference.name))
        for side in part.sides
    )
    if left is None or right is None:
        return 1.0
    if Claim("", part.comparison, right, "").truth(left, left) == "holds":
        return 0.0
    largest = max(abs(left), abs(right))
    return max(min(abs(left - right) / largest, 1.0), _LEAST) if largest else _LEAST


def _mean(measured: Measurements, name: str) -> Number:
    return measured.estimate(name).mean if name in measured.values else None
