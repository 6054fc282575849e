"""Round ranges: values that a person would write, in the unit that was asked in."""

import pytest

from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.round_range import RoundRange


@pytest.mark.parametrize(
    ("text", "share", "value"),
    [
        ("k=30s..5m", 0.3437, "123s"),
        ("k=100ms..5s", 0.013, "160ms"),
        ("k=100ms..5s", 0.3437, "1.78s"),
        ("k=1s..5s", 0.3437, "2.37s"),
        ("k=1m..10m", 0.3437, "4m6s"),
        ("k=0s..1d", 0.777, "18h40m"),
        ("k=1m30s..2min", 0.25, "97.5s"),
        ("k=1ms..2s/log", 0.25, "6.7ms"),
        ("k=1ns..5ns", 0.3437, "2ns"),
        ("k=1..40", 0.3437, "14"),
        ("k=10k..1M", 0.3437, "350k"),
        ("k=300/min..600/min", 0.3437, "403/min"),
        ("k=10/min..100/s", 0.013, "1.5/s"),
        ("k=1%..5%", 0.25, "2%"),
        ("k=0.5..1.5", 0.3437, "0.84"),
        ("k=30s..5m", 1.0, "5m"),
    ],
)
def test_a_value_is_a_multiple_of_a_step_of_its_unit(
    text: str, share: float, value: str
) -> None:
    """The step is the largest power of ten of a unit within 1 % of the range."""
    assert RoundRange(Axis.parse(text), 0.01).at(share) == value


@pytest.mark.parametrize(
    ("text", "value", "share"),
    [
        ("k=30s..5m", "165s", 0.5),
        ("k=10ms..1s/log", "100ms", 0.5),
        ("k=1..5", "2", 0.25),
    ],
)
def test_a_share_is_that_of_the_round_value(
    text: str, value: str, share: float
) -> None:
    """Of a logarithmic range, as a ratio."""
    found = RoundRange(Axis.parse(text), 0.01).share(value)

    assert found == pytest.approx(share)


def test_a_wider_tolerance_has_rounder_values() -> None:
    """10 % of 270 s hold a step of 10 s; no tolerance leaves 10 ms, and no error."""
    axis = Axis.parse("k=30s..5m")

    assert RoundRange(axis, 0.1).at(0.3437) == "120s"
    assert RoundRange(axis, 0.0).at(0.3437) == "122.8s"
