"""Stops of a slider: growing, round, and with the value of the file among them."""

import pytest

from simcoalesce.serve.stops import READS, nearest, stops

VALUES = [
    ("duration", "80ms"),
    ("duration", "0ms"),
    ("duration", "1m30s"),
    ("rate", "300/min"),
    ("rate", "0.5/s"),
    ("ratio", "2.5%"),
    ("count", "800"),
    ("count", "1"),
    ("size", "2KiB"),
    ("number", "0.9"),
]


@pytest.mark.parametrize(("unit", "value"), VALUES)
def test_stops_grow_and_have_the_value_of_the_file(unit: str, value: str) -> None:
    """Each is read by the unit's own reader, and is more than the one before."""
    offered = stops(unit, value)
    numbers = [READS[unit](one) for one in offered]

    assert numbers == sorted(set(numbers))
    assert offered[nearest(unit, offered, value)] == value


def test_a_slider_goes_from_a_hundredth_to_a_hundred_times() -> None:
    """By equal ratios: half of its way is the value of the file."""
    offered = stops("rate", "2/s")

    assert (offered[0], offered[-1]) == ("0.02/s", "200/s")
    assert offered.index("2/s") == (len(offered) - 1) / 2


def test_a_share_goes_from_none_to_all() -> None:
    """In equal steps, as its scale has ends."""
    assert stops("ratio", "50%") == [f"{percent}%" for percent in range(101)]


def test_words_stand_behind_the_numbers() -> None:
    """An unlimited count is more than any."""
    offered = stops("count", "unlimited", ["unlimited"])

    assert offered[-1] == "unlimited"
    assert nearest("count", offered, "unlimited") == len(offered) - 1


@pytest.mark.parametrize(("value", "at"), [("81ms", 1), ("no number", 0), ("9s", 2)])
def test_what_is_typed_between_two_stops_is_at_the_upper_one(
    value: str, at: int
) -> None:
    """And what is no number is at the lower end."""
    assert nearest("duration", ["80ms", "100ms", "120ms"], value) == at
