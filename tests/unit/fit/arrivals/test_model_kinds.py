"""Laws of arrivals: what they expect, and the phases that they become."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.fit.arrivals.arrival_model import ArrivalModel, ArrivalSurge, Segment
from simcoalesce.fit.arrivals.burst_shape import SHAPES, density, share_come
from simcoalesce.fit.arrivals.model_kinds import (
    BurstModel,
    FlashCrowdModel,
    RampModel,
    SteadyModel,
    SteppedModel,
)
from tests.unit.fit.builders import generated

MODELS = [
    SteadyModel([20.0], 60.0),
    SteppedModel([20.0, 60.0, 10.0, 15.0, 40.0], 60.0),
    BurstModel([20.0, 10.0, 5.0, 400.0], 60.0, ["uniform"]),
    BurstModel([20.0, 10.0, 5.0, 400.0], 60.0, ["front_loaded"]),
    BurstModel([20.0, 10.0, 5.0, 400.0], 60.0, ["gaussian"]),
    RampModel([20.0, 80.0], 60.0),
    RampModel([20.0, 80.0, 10.0, 30.0], 60.0),
    FlashCrowdModel([20.0, 10.0, 100.0, 2.0, 5.0, 4.0], 60.0),
]
EACH = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)


@EACH
def test_the_expected_number_is_the_integral_of_the_rate(model: ArrivalModel) -> None:
    """By 60,000 rectangles; a slope without end is worth two requests."""
    values, at_s = np.array(model.first_guess), (np.arange(60_000) + 0.5) / 1_000

    sums = np.cumsum(model.rate(values, at_s)) / 1_000

    assert model.is_possible(values)
    assert model.expected(values, at_s + 0.0005) == pytest.approx(sums, abs=2.0)


@EACH
def test_its_phases_bring_as_many_requests(model: ArrivalModel) -> None:
    """Up to the end, and up to the middle: within four standard errors."""
    values = np.array(model.first_guess)
    at_s, _ = generated([*map(as_written, model.phases(values))], 60.0)

    expected = model.expected(values, np.array([22.0, 60.0]))

    came = [(at_s < 22.0).sum(), len(at_s)]
    assert came == pytest.approx(expected, abs=4 * np.sqrt(expected.max()))


def as_written(phase: dict[str, Any]) -> dict[str, Any]:
    """Return a phase with its units."""
    units = {"rate": "/s", "from": "/s", "to": "/s", "peak": "/s", "requests": ""}
    return {
        field: value
        if isinstance(value, str)
        else f"{value:.6f}{units.get(field, 's')}"
        if field != "requests"
        else round(float(str(value)))
        for field, value in phase.items()
    }


@pytest.mark.parametrize("shape", SHAPES)
def test_a_density_is_the_slope_of_the_share(shape: str) -> None:
    """All of a burst comes within its length."""
    x = np.linspace(0.05, 0.95, 50)

    slope = (share_come(shape, x + 1e-4) - share_come(shape, x - 1e-4)) / 2e-4

    assert density(shape, x) == pytest.approx(slope, rel=1e-2)
    assert share_come(shape, np.array([-1.0, 0.0, 1.0, 2.0])).tolist() == [0, 0, 1, 1]


def test_first_guesses_are_those_of_segments() -> None:
    """A surge gives start, length and excess; its peak the rate of a flash crowd."""
    parts = Segment(0, 10, 20), Segment(10, 12, 120), Segment(12, 20, 60)
    surge = ArrivalSurge(parts[1:], 520.0)

    assert BurstModel.of(20.0, [surge], "uniform", 60.0).first_guess == [
        20,
        10,
        10,
        520,
    ]
    assert SteppedModel.of(parts, 60.0).first_guess == [20, 120, 60, 10, 12]
    assert FlashCrowdModel.of(20.0, surge, 60.0).first_guess[:3] == [20, 10, 100]


def test_bursts_do_not_overlap() -> None:
    """Nor do they end after the log."""
    model = BurstModel([20.0, 10.0, 5.0, 9.0, 14.0, 5.0, 9.0], 60.0, ["uniform"] * 2)

    assert not model.is_possible(np.array(model.first_guess))
    assert not BurstModel([1.0, 59.0, 5.0, 9.0], 60.0, ["uniform"]).is_possible(
        np.array([1.0, 59.0, 5.0, 9.0])
    )
