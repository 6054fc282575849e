"""A story of very many events tells the largest, and how many it does not tell."""

from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.ranking import ranked

MANY = [Event(at, "surge", 100 - at, "") for at in range(40)]


def test_few_events_are_all_told() -> None:
    """As they are."""
    assert ranked(MANY[:24], 99) == MANY[:24]


def test_of_many_the_largest_are_told() -> None:
    """And one line says what is left."""
    *told, note = ranked(MANY, 99)

    assert told == MANY[:24]
    assert (note.kind, note.number, note.largest) == ("not_told", 16, 76)
    assert note.at_ns == 99


def test_what_begins_and_ends_is_always_told() -> None:
    """However small its number."""
    frame = [Event(0, "arrivals_begin", 1, ""), Event(0, "last_arrival", 1, "")]
    told = ranked([*MANY, *frame], 99)

    assert all(one in told for one in frame)
    assert len(told) == 25
