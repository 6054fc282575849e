"""A misfit is zero where an observation is true, and grows with the distance."""

import pytest

from simcoalesce.experiment.measurements import Measurements
from simcoalesce.explain.misfit import misfit
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.incident import Observation


def missed(that: str, hits: float | None) -> float:
    """Return how far a run with so many calls is from an observation."""
    values = {**dict.fromkeys(METRICS, (0.0,)), "origin_hits": (hits,)}
    observed = Observation.model_validate({"text": "so", "that": that})
    return misfit(observed, Measurements(1, values))


@pytest.mark.parametrize(
    ("that", "hits", "expected"),
    [
        ("origin_hits >= 90 and origin_hits <= 110", 100, 0),
        ("origin_hits >= 90 and origin_hits <= 110", 45, 0.5),
        ("origin_hits <= 110", 220, 0.5),
        ("origin_hits < 100", 100, 1e-6),
        ("origin_hits >= 90", None, 1),
        ("origin_hits / requests >= 0.5", 100, 1),
    ],
)
def test_a_misfit_is_the_relative_distance(
    that: str, hits: float | None, expected: float
) -> None:
    """Of the comparison that is furthest from true; 1 if a number does not exist."""
    assert missed(that, hits) == pytest.approx(expected)


def test_a_setting_alone_cannot_be_missed() -> None:
    """It is taken at its word."""
    observed = Observation.model_validate({"text": "so", "sets": ["seed=1"]})

    assert misfit(observed, Measurements(1, {})) == 0
