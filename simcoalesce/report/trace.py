"""Traces: a run on the time line of ui.perfetto.dev or chrome://tracing."""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Lookup, Outcomes, Role

_ORIGIN: Final = 1
"""The process of the origin; each location has one of its own, from 2 on."""

_MOST_LANES: Final = 100_000
"""A thread is numbered after its isolate and its lane."""

Event = dict[str, Any]


def trace_text(outcomes: Outcomes) -> str:
    """Return a run in Chrome's trace format; instants in microseconds.

    Each request is a slice in a lane of its isolate, each call one in a lane of the
    origin, since arrows need lanes in which nothing overlaps. An arrow leads from a
    leader to each follower that came while it waited for its answer; a counter shows
    how many calls are open at the origin.

    Source:
        Trace Event Format, linked from perfetto.dev/docs, "Chrome JSON".
    """
    every = [
        *_names(outcomes),
        *_requests(outcomes),
        *_calls(outcomes),
        *_arrows(outcomes),
        *_open_calls(outcomes),
    ]
    lines = ",\n".join(json.dumps(event) for event in every)
    return f'{{"displayTimeUnit": "ms", "traceEvents": [\n{lines}\n]}}\n'


def _names(outcomes: Outcomes) -> Iterator[Event]:
    for process, name in enumerate(("origin", *outcomes.locations), start=_ORIGIN):
        meta = {"ph": "M", "name": "process_name", "pid": process, "tid": 0}
        yield {**meta, "args": {"name": name}}
    rows = outcomes.request_rows
    found = np.stack([rows.location, rows.isolate, _tids(outcomes)])
    for location, isolate, tid in np.unique(found, axis=1).T.tolist():
        meta = {"ph": "M", "name": "thread_name", "pid": _process(location)}
        yield {**meta, "tid": tid, "args": {"name": f"isolate {isolate}"}}


def _process(location: int) -> int:
    return _ORIGIN + 1 + location


def _tids(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the lane of each request, shape (requests,)."""
    rows = outcomes.request_rows
    lanes = _lanes(rows.isolate, rows.arrived_at_ns, rows.completed_at_ns)
    return rows.isolate * _MOST_LANES + lanes


def _lanes(
    groups: NDArray[np.int64], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return in which lane of its group each row goes: the first that is free.

    Args:
        groups: The group of each row, shape (rows,).
        begins: When it begins, in order, shape (rows,).
        ends: When it ends, shape (rows,).

    Returns:
        Lanes from 1 on, shape (rows,).
    """
    busy: dict[int, list[int]] = {}
    lanes = np.empty_like(groups)
    rows = zip(groups.tolist(), begins.tolist(), ends.tolist(), strict=True)
    for row, (group, begin, end) in enumerate(rows):
        until = busy.setdefault(group, [])
        free = (lane for lane, busy_until in enumerate(until) if busy_until <= begin)
        lane = next(free, len(until))
        until[lane : lane + 1] = [end]
        lanes[row] = lane + 1
    return lanes


def _requests(outcomes: Outcomes) -> Iterator[Event]:
    rows = outcomes.request_rows
    tids = _tids(outcomes)
    for row, request in enumerate(rows.request.tolist()):
        lookup, role = Lookup(rows.lookup[row]), Role(rows.role[row])
        yield {
            "ph": "X",
            "cat": "request",
            "name": f"{lookup.name.lower()} {rows.status[row]}",
            "pid": _process(int(rows.location[row])),
            "tid": int(tids[row]),
            "ts": rows.arrived_at_ns[row] / 1_000,
            "dur": (rows.completed_at_ns[row] - rows.arrived_at_ns[row]) / 1_000,
            "args": {
                "request": request,
                "key": outcomes.keys[rows.key[row]],
                "role": role.name.lower(),
                "served_by": outcomes.layers[rows.served_by[row]],
            },
        }


def _calls(outcomes: Outcomes) -> Iterator[Event]:
    rows = outcomes.origin_rows
    nobody = np.zeros_like(rows.request)
    lanes = _lanes(nobody, rows.called_at_ns, rows.completed_at_ns)
    for row, request in enumerate(rows.request.tolist()):
        yield {
            "ph": "X",
            "cat": "origin",
            "name": f"call {rows.status[row]}",
            "pid": _ORIGIN,
            "tid": int(lanes[row]),
            "ts": rows.called_at_ns[row] / 1_000,
            "dur": (rows.completed_at_ns[row] - rows.called_at_ns[row]) / 1_000,
            "args": {"request": request, "key": outcomes.keys[rows.key[row]]},
        }


def _arrows(outcomes: Outcomes) -> Iterator[Event]:
    """Yield arrows from the leader that was under way to those who waited with it."""
    rows = outcomes.request_rows
    tids = _tids(outcomes)
    leaders: dict[tuple[int, int], int] = {}
    latest: dict[int, int] = {}
    for row, role in enumerate(rows.role.tolist()):
        key, isolate = int(rows.key[row]), int(rows.isolate[row])
        if role == Role.LEADER:
            leaders[key, isolate] = latest[key] = row
        elif role == Role.FOLLOWER:
            # In its isolate if there is one, else wherever the object has it.
            leader = leaders.get((key, isolate), latest.get(key))
            if leader is not None and _was_waiting(outcomes, leader, row):
                yield from _arrow(outcomes, tids, leader, row)


def _was_waiting(outcomes: Outcomes, leader: int, follower: int) -> bool:
    rows = outcomes.request_rows
    return bool(rows.arrived_at_ns[follower] < rows.completed_at_ns[leader])


def _arrow(
    outcomes: Outcomes, tids: NDArray[np.int64], leader: int, follower: int
) -> Iterator[Event]:
    rows = outcomes.request_rows
    for phase, row in (("s", leader), ("f", follower)):
        yield {
            "ph": phase,
            "cat": "coalescing",
            "name": "waits with",
            "id": int(rows.request[follower]),
            "pid": _process(int(rows.location[row])),
            "tid": int(tids[row]),
            "ts": rows.arrived_at_ns[row] / 1_000,
            **({"bp": "e"} if phase == "f" else {}),
        }


def _open_calls(outcomes: Outcomes) -> Iterator[Event]:
    rows = outcomes.origin_rows
    steps = np.concatenate([np.ones_like(rows.request), -np.ones_like(rows.request)])
    instants = np.concatenate([rows.called_at_ns, rows.completed_at_ns])
    order = np.lexsort((steps, instants))
    for at_ns, count in zip(instants[order], np.cumsum(steps[order]), strict=True):
        counter = {"ph": "C", "name": "calls open", "pid": _ORIGIN, "tid": 0}
        yield {**counter, "ts": at_ns / 1_000, "args": {"calls": int(count)}}
