"""A story says when what happened, and by which row one sees it."""

import numpy as np

from simcoalesce import run
from simcoalesce.explain.story import Event, story
from tests.unit.explain.builders import a_scenario


def told(*overrides: str) -> dict[str, Event]:
    """Return the story of one run, by kind of event; the first of each."""
    events = story(run(a_scenario(*overrides), seed=3))
    return {event.kind: event for event in reversed(events)}


def test_a_story_is_told_in_the_order_of_time() -> None:
    """From the first arrival on."""
    events = story(run(a_scenario(), seed=3))

    assert [one.at_ns for one in events] == sorted(one.at_ns for one in events)
    assert events[0].kind == "arrivals_begin"


def test_the_first_refusal_is_that_of_the_rows() -> None:
    """With as many calls before it as the limit admits."""
    outcomes = run(a_scenario(), seed=3)
    calls = outcomes.origin_rows
    first = int(np.flatnonzero(calls.status == 429)[0])
    event = told()["first_429"]

    assert event.number == 60
    assert event.at_ns == calls.called_at_ns[first]
    assert event.request == calls.request[first]


def test_a_run_that_recovers_says_when() -> None:
    """The entry becomes readable while visitors still come."""
    assert "recovery" in told()


def test_without_refusals_none_is_told() -> None:
    """Nor a recovery from them."""
    assert not told("origin.rate_limit=unlimited").keys() & {"first_429", "recovery"}


def test_refused_writes_are_told() -> None:
    """KV takes one a second for each key."""
    event = told("kv.writes_per_key=1/s")["writes_refused"]

    assert event.number > 10


def test_an_empty_run_has_no_story() -> None:
    """Nobody came."""
    later = a_scenario("traffic.arrivals[0].at=5m", "duration=1m")

    assert story(run(later, seed=1)) == ()
