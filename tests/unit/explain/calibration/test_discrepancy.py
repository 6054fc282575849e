"""A discrepancy is zero where an observation is true, and grows with the distance."""

import pytest

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.calibration.discrepancy import (
    discrepancy,
    is_unexplained,
    prediction_half_widths,
)
from simcoalesce.metrics import METRICS
from simcoalesce.scenario.incident import Observation


def observed(that: str) -> Observation:
    """Return an observation."""
    return Observation.model_validate({"text": "so", "that": that})


def measured(*hits: float | None) -> MetricValues:
    """Return runs with so many calls each."""
    values = dict.fromkeys(METRICS, (0.0,) * len(hits))
    return MetricValues(1, {**values, "origin_hits": hits})


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
def test_a_discrepancy_is_the_relative_distance(
    that: str, hits: float | None, expected: float
) -> None:
    """Of the comparison that is furthest from true; 1 if a number does not exist."""
    assert discrepancy(observed(that), measured(hits)) == pytest.approx(expected)


def test_a_setting_alone_cannot_be_unexplained() -> None:
    """It is taken at its word."""
    said = Observation.model_validate({"text": "so", "sets": ["seed=1"]})

    assert discrepancy(said, measured(1)) == 0
    assert not is_unexplained(said, measured(1))


def test_a_distance_within_the_prediction_interval_weighs_less() -> None:
    """Half as much at its end; a tenth where it is a ninth of the way."""
    said, runs = observed("origin_hits >= 100"), measured(90)
    weights = [discrepancy(said, runs, [width]) / 0.1 for width in (0, 10, 90)]

    assert weights == pytest.approx([1, 0.5, 0.1])


@pytest.mark.parametrize(
    ("hits", "is_so"),
    [
        ((90, 92, 94, 96, 98), False),
        ((70, 72, 74, 76, 78), True),
        ((98, 98, 98), True),
        ((98,), True),
        ((101,), False),
        ((None, None), True),
        ((None, 120, 130), False),
    ],
)
def test_what_a_further_run_could_give_is_explained(
    hits: tuple[float | None, ...],
    is_so: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """It happened once, and need not be the mean; what never differs must be exact."""
    assert is_unexplained(observed("origin_hits >= 100"), measured(*hits)) == is_so


def test_the_half_width_is_that_of_a_prediction_interval() -> None:
    """Of 1, 2 and 3: Student's t of two degrees, 4.303, times sqrt(1 + 1/3)."""
    (width,) = prediction_half_widths(observed("origin_hits >= 100"), measured(1, 2, 3))

    assert width == pytest.approx(4.3027 * (4 / 3) ** 0.5, rel=1e-4)


@pytest.mark.parametrize(
    ("that", "instants", "expected"),
    [
        ("first_rejected_at_s >= 180s", (None, None, None), (0, False)),
        ("first_rejected_at_s <= 180s", (None, None, None), (1, True)),
        ("first_rejected_at_s - 9s <= 171s", (170.0, None, 190.0), (0, False)),
        ("200s - first_rejected_at_s >= 5s", (None, None, None), (1, True)),
    ],
)
def test_what_never_comes_is_later_than_all(
    that: str, instants: tuple[float | None, ...], expected: tuple[float, bool]
) -> None:
    """Who saw no refusal before 21:03 is not contradicted by runs without any."""
    values = dict.fromkeys(METRICS, (0.0,) * 3)
    runs = MetricValues(1, {**values, "first_rejected_at_s": instants})
    said = observed(that)

    assert (discrepancy(said, runs), is_unexplained(said, runs)) == expected
