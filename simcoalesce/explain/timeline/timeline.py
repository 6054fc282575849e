"""Timeline: what happened in one run, by the rows that it left."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from simcoalesce.explain.timeline.backlog import backlog_events
from simcoalesce.explain.timeline.error_events import (
    error_events,
    refusal_events,
    stale_events,
)
from simcoalesce.explain.timeline.event import Event, row_event
from simcoalesce.explain.timeline.layer_events import layer_events
from simcoalesce.explain.timeline.ranking import ranked
from simcoalesce.explain.timeline.stampede_events import stampede_events, surge_events
from simcoalesce.explain.timeline.stampede_windows import stampede_windows
from simcoalesce.model.change import EdgeChange
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup, Outcomes, Role, is_of_bypass

_ORDER: Final = {
    "change": -1,
    "first_error": 1,
    "another_error": 1,
    "more_surges": 2,
    "more_stampedes": 2,
    "more_errors": 2,
    "not_told": 2,
    "last_arrival": 3,
}
"""Of one instant, errors come after what makes them, and what sums up comes last."""


def timeline(
    outcomes: Outcomes, path: Sequence[Layer], changes: Sequence[EdgeChange] = ()
) -> tuple[Event, ...]:
    """Return what happened in a run of a path, in the order of time.

    Args:
        outcomes: The run.
        path: Its layers.
        changes: What happened to the edge, in the order of the scenario.
    """
    if not len(outcomes.request_rows.request):
        return ()
    told = [*_beginning(outcomes), *_hits(outcomes), *error_events(outcomes)]
    told += [*surge_events(outcomes, path), *stampede_events(outcomes, path)]
    told += [*refusal_events(outcomes), *stale_events(outcomes)]
    told += layer_events(outcomes, path)
    told += [
        Event(change.at_ns, "change", number, f"changes[{number}]")
        for number, change in enumerate(changes)
    ]
    told += backlog_events(outcomes, told)
    told.append(_last_arrival(outcomes))
    told = ranked(told, int(outcomes.request_rows.arrived_at_ns[-1]))
    return tuple(sorted(told, key=lambda one: (one.at_ns, _ORDER.get(one.kind, 0))))


def _beginning(outcomes: Outcomes) -> Iterator[Event]:
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    number, evidence = len(rows.request), "requests.arrived_at_s"
    yield row_event(rows, 0, rows.arrived_at_ns, "arrivals_begin", number, evidence)
    yield from _bypasses(outcomes)
    is_fetch = ~is_of_bypass(outcomes)
    if is_fetch.any():
        call, evidence = int(np.argmax(is_fetch)), "origin_hits.called_at_s"
        yield row_event(calls, call, calls.called_at_ns, "first_call", 1, evidence)
    good = np.flatnonzero((calls.status < 400) & is_fetch)
    if len(good):
        yield _first_answer(outcomes, int(good[np.argmin(calls.completed_at_ns[good])]))


def _bypasses(outcomes: Outcomes) -> Iterator[Event]:
    """Yield the first request that no store and no shared fetch may answer."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    found = np.flatnonzero(rows.lookup == int(Lookup.BYPASS))
    if len(found):
        made = calls.status[is_of_bypass(outcomes)]
        more = {"calls": len(made), "refused": int(np.count_nonzero(made == 429))}
        first, column = int(found[0]), rows.arrived_at_ns
        number, evidence = len(found), "requests.lookup"
        yield row_event(rows, first, column, "bypass", number, evidence, **more)


def _first_answer(outcomes: Outcomes, call: int) -> Event:
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    at_ns = int(calls.completed_at_ns[call])
    is_like = rows.key == calls.key[call]
    is_there = (rows.arrived_at_ns < at_ns) & (rows.completed_at_ns >= at_ns)
    is_follower = rows.role == int(Role.FOLLOWER)
    return row_event(
        calls,
        call,
        calls.completed_at_ns,
        "first_answer",
        int(np.count_nonzero(calls.called_at_ns < at_ns)),
        "origin_hits.completed_at_s",
        waiting=int(np.count_nonzero(is_like & is_there & is_follower)),
        is_late=_has_left(outcomes, call),
    )


def _has_left(outcomes: Outcomes, call: int) -> bool:
    """Say whether a request ended, or called again, before its call ended."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    at_ns, request = calls.completed_at_ns[call], calls.request[call]
    own = rows.completed_at_ns[rows.request == request]
    later = calls.called_at_ns[calls.request == request]
    is_later = (later > calls.called_at_ns[call]) & (later < at_ns)
    return bool(np.any(own < at_ns) or np.any(is_later))


def _hits(outcomes: Outcomes) -> Iterator[Event]:
    """Yield the first cache hit."""
    rows = outcomes.request_rows
    hits = np.flatnonzero(rows.lookup == int(Lookup.HIT))
    if len(hits):
        first = hits[np.argmin(rows.completed_at_ns[hits])]
        yield _first_hit(outcomes, int(first))


def _first_hit(outcomes: Outcomes, row: int) -> Event:
    rows = outcomes.request_rows
    key, location = int(rows.key[row]), int(rows.location[row])
    arrived_at_ns, served_by = rows.arrived_at_ns[row], int(rows.served_by[row])
    before = [
        one
        for one in stampede_windows(outcomes)
        if (one.key, one.location) == (key, location)
        and one.opened_at_ns < arrived_at_ns
    ]
    return row_event(
        rows,
        row,
        rows.completed_at_ns,
        "first_hit",
        before[-1].misses if before else 0,
        "requests.lookup",
        waiting=before[-1].followers if before else 0,
        key=outcomes.keys[key],
        location=outcomes.locations[location],
        served_by=outcomes.layers[served_by] if served_by >= 0 else "",
    )


def _last_arrival(outcomes: Outcomes) -> Event:
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    number, evidence = len(calls.request), "requests.arrived_at_s"
    refused = int(np.count_nonzero(calls.status == 429))
    column = rows.arrived_at_ns
    return row_event(
        rows, -1, column, "last_arrival", number, evidence, refused=refused
    )
