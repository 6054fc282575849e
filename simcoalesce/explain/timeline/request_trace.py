"""Trace of one request: what happened to it, step by step."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from simcoalesce.experiment.result import SCHEMA_VERSION
from simcoalesce.experiment.single_run import run
from simcoalesce.experiment.traced_run import traced_again
from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.explain.timeline.wait_parts import WaitParts
from simcoalesce.model.contexts import labelled
from simcoalesce.outcomes import Lookup, Outcomes, Role, is_served
from simcoalesce.plain import plain_fields
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class OriginCall:
    """A call of the origin that a request made."""

    called_at_ns: int
    completed_at_ns: int
    status: int
    in_flight: int
    """Calls for the same key that were in flight already."""


@dataclass(frozen=True)
class RequestTrace:
    """One request from its arrival to its answer.

    Attributes:
        request: Its number, in order of arrival.
        lookup: What the caches had for it.
        served_by: The layer that answered.
        age_ns: Age of the answer; NEVER if it is fresh from the origin.
        earlier_misses: Requests of the key that missed before it, in its miss window.
        calls: The calls of the origin that it made.
        waited_longer: How many requests waited longer.
        attempts: How many attempts were made for it.
        last_layer: What the layer is called that answers the calls of the origin.
        parts: What it waited for, from its arrival to its answer; their lengths add up
            to its latency.
        background: What was done for it that its answer did not wait for, but calls.
    """

    request: int
    key: str
    location: str
    isolate: int
    arrived_at_ns: int
    completed_at_ns: int
    status: int
    lookup: Lookup
    role: Role
    served_by: str
    age_ns: int
    earlier_misses: int
    calls: tuple[OriginCall, ...]
    waited_longer: int
    attempts: int = 1
    last_layer: str = field(default="", repr=False)
    parts: tuple[WaitPart, ...] = ()
    background: tuple[WaitPart, ...] = ()

    def document(self) -> dict[str, Any]:
        """Return it as plain values; instants and durations in seconds."""
        return {"schema_version": SCHEMA_VERSION, **plain_fields(self)}


def _slowest(outcomes: Outcomes) -> int | None:
    latency_ns = outcomes.request_rows.latency_ns
    return int(np.argmax(latency_ns)) if len(latency_ns) else None


def _first(is_meant: Any) -> int | None:
    rows = np.flatnonzero(is_meant)
    return int(rows[0]) if len(rows) else None


def _first_lookup(outcomes: Outcomes, lookup: Lookup) -> int | None:
    return _first(outcomes.request_rows.lookup == int(lookup))


def _first_429(outcomes: Outcomes) -> int | None:
    calls = outcomes.origin_rows
    call = _first(calls.status == 429)
    if call is None:
        # A layer may refuse as well, e.g. a limiter.
        return _first(outcomes.request_rows.status == 429)
    return _first(outcomes.request_rows.request == calls.request[call])


NAMED: Final[Mapping[str, Callable[[Outcomes], int | None]]] = {
    "slowest": _slowest,
    "first-429": _first_429,
    "first-miss": lambda outcomes: _first_lookup(outcomes, Lookup.MISS),
    "first-stale": lambda outcomes: _first_lookup(outcomes, Lookup.STALE),
    "first-error": lambda outcomes: _first(outcomes.request_rows.status >= 400),
    "first-hit": lambda outcomes: _first_lookup(outcomes, Lookup.HIT),
    "first-bypass": lambda outcomes: _first_lookup(outcomes, Lookup.BYPASS),
}
"""Requests that have a name."""


def request_trace(
    scenario: Scenario, which: str, *, seed: int | None = None
) -> RequestTrace:
    """Return what happened to one request.

    The rows of a run do not say where a request waits, so it is simulated once more, as
    far as needed, with a trace: the rows are the same.

    Args:
        scenario: What to simulate.
        which: The number of the request, or a name of NAMED.
        seed: Seed of the run; the scenario's own if absent.

    Raises:
        ValueError: If the run has no such request.
    """
    outcomes = run(scenario, seed=seed)
    row = _row(outcomes, which)
    labels = labelled(scenario.path)
    trace = traced_again(scenario, outcomes, row, seed=seed)
    waits = WaitParts(scenario.path, labels, trace)
    found = replace(_of_row(outcomes, row), last_layer=labels[-1])
    parts = tuple(_answered(part, found) for part in waits.of_request())
    return replace(found, parts=parts, background=waits.background())


def _answered(part: WaitPart, trace: RequestTrace) -> WaitPart:
    """Return a part with the status of a call that another one followed at once."""
    if part.layer != trace.last_layer or part.outcome:
        return part
    ended = (one for one in trace.calls if one.completed_at_ns == part.until_ns)
    call = next(ended, None)
    if call is None:
        return part
    return replace(part, outcome="answered", status=call.status)


def _row(outcomes: Outcomes, which: str) -> int:
    if which in NAMED:
        row = NAMED[which](outcomes)
    elif which.isdecimal() and len(which) < 19:
        row = _first(outcomes.request_rows.request == int(which))
    else:
        names = ", ".join(NAMED)
        raise ValueError(f'"{which}" is no request; write its number, or {names}')
    if row is None:
        last = len(outcomes.request_rows.request) - 1
        has = f"they are numbered from 0 to {last:,}" if last >= 0 else "there is none"
        if which in NAMED and last >= 0:
            has = "nothing of that kind happened in it"
        raise ValueError(f"the run has no request {which}; {has}")
    return row


def _of_row(outcomes: Outcomes, row: int) -> RequestTrace:
    rows = outcomes.request_rows
    served_by = int(rows.served_by[row])
    return RequestTrace(
        request=int(rows.request[row]),
        key=outcomes.keys[int(rows.key[row])],
        location=outcomes.locations[int(rows.location[row])],
        isolate=int(rows.isolate[row]),
        arrived_at_ns=int(rows.arrived_at_ns[row]),
        completed_at_ns=int(rows.completed_at_ns[row]),
        status=int(rows.status[row]),
        lookup=Lookup(int(rows.lookup[row])),
        role=Role(int(rows.role[row])),
        served_by=outcomes.layers[served_by] if served_by >= 0 else "nobody",
        age_ns=int(rows.age_ns[row]),
        earlier_misses=_earlier_misses(outcomes, row),
        calls=_calls(outcomes, int(rows.request[row])),
        waited_longer=int(np.count_nonzero(rows.latency_ns > rows.latency_ns[row])),
        attempts=int(rows.attempts[row]),
    )


def _earlier_misses(outcomes: Outcomes, row: int) -> int:
    """Return how many requests of its key and location missed since the last hit."""
    rows = outcomes.request_rows
    is_like = (rows.key == rows.key[row]) & (rows.location == rows.location[row])
    before = np.flatnonzero(is_like[:row])
    lookups = rows.lookup[before]
    lookups = lookups[lookups != int(Lookup.BYPASS)]
    hits = np.flatnonzero(is_served(lookups))
    return len(lookups) - (int(hits[-1]) + 1 if len(hits) else 0)


def _calls(outcomes: Outcomes, request: int) -> tuple[OriginCall, ...]:
    calls = outcomes.origin_rows
    made = np.flatnonzero(calls.request == request).tolist()
    return tuple(
        OriginCall(
            int(calls.called_at_ns[call]),
            int(calls.completed_at_ns[call]),
            int(calls.status[call]),
            _in_flight(outcomes, call),
        )
        for call in made
    )


def _in_flight(outcomes: Outcomes, call: int) -> int:
    calls, at_ns = outcomes.origin_rows, outcomes.origin_rows.called_at_ns[call]
    is_open = (calls.called_at_ns < at_ns) & (calls.completed_at_ns > at_ns)
    return int(np.count_nonzero(is_open & (calls.key == calls.key[call])))
