"""Uncertain values: what a draw is."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.scenario.uncertainty import Together, drawing_notes, drawn_values
from simcoalesce.units import parse_duration

LATENCY = {"origin.latency": "90ms..120ms"}
CHECKED: TypeAdapter[Any] = TypeAdapter(Together)


def draws(together: dict[str, Any], written: str | None = None) -> list[str]:
    """Return what a thousand seeds draw of the first path."""
    first = next(iter(together))
    return [
        dict(drawn_values(together, {first: written}, seed))[first]
        for seed in range(1_000)
    ]


def test_an_interval_holds_95_of_100_draws() -> None:
    """Four standard errors of 1,000 draws are 2.8 %."""
    inside = [90 <= parse_duration(one) / 1e6 <= 120 for one in draws(LATENCY, "100ms")]

    assert sum(inside) / 1_000 == pytest.approx(0.95, abs=0.028)


def test_half_of_the_draws_are_below_the_written_value() -> None:
    """However near one end it lies; four standard errors are 6.4 %."""
    below = [parse_duration(one) < 100e6 for one in draws(LATENCY, "100ms")]

    assert sum(below) / 1_000 == pytest.approx(0.5, abs=0.064)


def test_no_draw_of_a_positive_value_is_negative() -> None:
    """Of an interval that begins at zero, neither."""
    rates = draws({"a": "0.1/s..9/s"}, "1/s"), draws({"a": "0s..9s"}, "1s")

    assert not [one for column in rates for one in column if one.startswith("-")]


def test_values_of_lists_are_drawn_together() -> None:
    """The same element of each: what was found together stays together."""
    pairs = {
        tuple(dict(drawn_values({"s": (0.8, 0.9), "n": (10, 20)}, {}, seed)).values())
        for seed in range(20)
    }

    assert pairs == {("0.8", "10"), ("0.9", "20")}


@pytest.mark.parametrize(
    ("together", "message"),
    [
        ({}, "write e.g."),
        ({"s": [1, 2], "n": [1]}, "same length"),
        ({"ttl": "1s..2s/5"}, "without steps"),
        ({"ttl": "2s..1s"}, "must go up"),
    ],
)
def test_what_cannot_be_drawn_is_refused(together: Any, message: str) -> None:
    """The message says what to write."""
    with pytest.raises(ValidationError, match=message):
        CHECKED.validate_python(together)


def test_a_result_says_what_was_drawn() -> None:
    """All paths are named."""
    (note,) = drawing_notes([LATENCY, {"s": (1, 2), "n": (3, 4)}])

    assert note == "each seed draws its own origin.latency, s, n (uncertain:)"
