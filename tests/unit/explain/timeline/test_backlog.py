"""Requests that pile up are seen, whatever they wait for."""

import numpy as np

from simcoalesce.explain.timeline.backlog import backlog_events
from simcoalesce.explain.timeline.event import Event
from simcoalesce.outcomes import Outcomes
from tests.builders import MS, S, a_path, an_origin, at_ns, simulated

LATE = [{"kind": "calls", "from": 31, "to": 90, "slower": 30}]


def a_run(*, faults: list[dict[str, object]]) -> Outcomes:
    """Return a hundred requests in ten seconds; usually two are under way."""
    requests = at_ns(np.arange(100) * 100 * MS)
    return simulated(a_path(an_origin("150ms", faults=faults)), requests)


def test_the_most_requests_under_way_are_told() -> None:
    """From 3 s on answers take 4.5 s: 45 requests come before the first of them."""
    (event,) = backlog_events(a_run(faults=LATE), [])

    assert event.number == 45
    assert event.at_ns == 7_400 * MS


def test_nothing_is_told_where_as_many_are_under_way_all_the_time() -> None:
    """Two of them."""
    assert not list(backlog_events(a_run(faults=[]), []))


def test_what_another_event_tells_is_not_told_again() -> None:
    """A surge at that instant."""
    surge = Event(5 * S, "surge", 30, "", until_ns=8 * S)

    assert not list(backlog_events(a_run(faults=LATE), [surge]))
