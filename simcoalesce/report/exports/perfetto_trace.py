"""Traces: a run on the time line of ui.perfetto.dev or chrome://tracing."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.json_text import json_text
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.outcomes import Lookup, Outcomes, Role
from simcoalesce.report.blocks.scenario_text import rate_limits
from simcoalesce.report.export import Export
from simcoalesce.report.rows.allowance import allowed_so_far

_ORIGIN: Final = 1
"""The process of the origin; each location has one of its own, from 2 on."""

_REFUSED: Final = 429
_MOST_LANES: Final = 100_000
"""A thread is numbered after its isolate and its lane."""

Event = dict[str, Any]


class PerfettoTrace(Export):
    """A run in Chrome's trace format; instants in microseconds.

    Each request is a slice in a lane of its isolate, since arrows need lanes in which
    nothing overlaps; each call of the origin is an asynchronous event there. An arrow
    leads from a leader to each follower that came while it waited for its answer.
    Counters show the requests under way at each location, the calls open at the
    origin, and how many more calls its limits would have admitted: the tokens.

    Source:
        Trace Event Format, linked from perfetto.dev/docs, "Chrome JSON".
    """

    suffixes: ClassVar[tuple[str, ...]] = (".trace.json",)

    @override
    def needs_rows(self, name: str) -> bool:
        return True

    @override
    def text(self, result: Result) -> str:
        outcomes = result.outcomes
        every = [
            *_names(outcomes),
            *_requests(outcomes),
            *_calls(outcomes),
            *_arrows(outcomes),
            *_counters(outcomes),
            *_tokens(outcomes, rate_limits(result.scenario)),
        ]
        lines = ",\n".join(json_text(event) for event in every)
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
    """Return the thread of each request, shape (requests,).

    It is the first lane of its isolate, from 1 on, in which nothing is under way.
    """
    rows = outcomes.request_rows
    busy: dict[int, list[int]] = {}
    tids = np.empty_like(rows.isolate)
    columns = (rows.isolate, rows.arrived_at_ns, rows.completed_at_ns)
    requests = zip(*(column.tolist() for column in columns), strict=True)
    for row, (isolate, begin, end) in enumerate(requests):
        until = busy.setdefault(isolate, [])
        free = (lane for lane, busy_until in enumerate(until) if busy_until <= begin)
        lane = next(free, len(until))
        until[lane : lane + 1] = [end]
        tids[row] = isolate * _MOST_LANES + lane + 1
    return tids


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
    for row, request in enumerate(rows.request.tolist()):
        call = {
            "cat": "origin",
            "name": f"call {rows.status[row]}",
            # Of the process alone: else a viewer shows it above all processes.
            "id2": {"local": f"{row:#x}"},
            "pid": _ORIGIN,
            "tid": 0,
        }
        args = {"request": request, "key": outcomes.keys[rows.key[row]]}
        yield {"ph": "b", **call, "ts": rows.called_at_ns[row] / 1_000, "args": args}
        yield {"ph": "e", **call, "ts": rows.completed_at_ns[row] / 1_000}


def _arrows(outcomes: Outcomes) -> Iterator[Event]:
    """Yield arrows from the leader that was under way to those who waited with it."""
    rows = outcomes.request_rows
    tids, at_ns = _tids(outcomes), rows.arrived_at_ns
    leaders: dict[tuple[int, int], int] = {}
    latest: dict[int, int] = {}
    for row, role in enumerate(rows.role.tolist()):
        key, isolate = int(rows.key[row]), int(rows.isolate[row])
        if role == Role.LEADER:
            leaders[key, isolate] = latest[key] = row
        elif role == Role.FOLLOWER:
            # In its isolate if there is one, else wherever the object has it.
            leader = leaders.get((key, isolate), latest.get(key))
            if leader is not None and at_ns[row] < rows.completed_at_ns[leader]:
                yield from _arrow(outcomes, tids, leader, row)


def _arrow(
    outcomes: Outcomes, tids: NDArray[np.int64], leader: int, follower: int
) -> Iterator[Event]:
    rows = outcomes.request_rows
    for phase, row in (({"ph": "s"}, leader), ({"ph": "f", "bp": "e"}, follower)):
        yield {
            **phase,
            "cat": "coalescing",
            "name": "waits with",
            "id": int(rows.request[follower]),
            "pid": _process(int(rows.location[row])),
            "tid": int(tids[row]),
            "ts": rows.arrived_at_ns[row] / 1_000,
        }


def _counters(outcomes: Outcomes) -> Iterator[Event]:
    calls, rows = outcomes.origin_rows, outcomes.request_rows
    open_calls = _under_way(calls.called_at_ns, calls.completed_at_ns)
    yield from _counted("calls open", _ORIGIN, open_calls)
    for location in range(len(outcomes.locations)):
        here = rows.location == location
        under_way = _under_way(rows.arrived_at_ns[here], rows.completed_at_ns[here])
        yield from _counted("requests in flight", _process(location), under_way)


def _tokens(outcomes: Outcomes, limits: Sequence[RateLimit]) -> Iterator[Event]:
    calls = outcomes.origin_rows
    end_ns = int(calls.completed_at_ns.max(initial=0))
    allowed = allowed_so_far(calls, limits, 0, end_ns)
    if allowed is None:
        return
    instants_ns, so_far = allowed
    admitted = np.sort(calls.called_at_ns[calls.status != _REFUSED])
    left = so_far - np.searchsorted(admitted, instants_ns, side="right")
    known = ~np.isnan(left)
    steps = instants_ns[known], left[known].astype(np.int64)
    yield from _counted("tokens", _ORIGIN, steps)


Steps = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Instants in ns, and the count from each on; both of shape (instants,)."""


def _under_way(begins: NDArray[np.int64], ends: NDArray[np.int64]) -> Steps:
    """Return how many have begun and not ended, whenever that changes."""
    instants = np.concatenate([begins, ends])
    changes = np.concatenate([np.ones_like(begins), -np.ones_like(ends)])
    order = np.lexsort((changes, instants))
    counts = np.cumsum(changes[order])
    # Of several changes at one instant, the last one stands.
    last = np.append(np.diff(instants[order]) > 0, [True] if len(order) else [])
    return instants[order][last.astype(bool)], counts[last.astype(bool)]


def _counted(name: str, process: int, steps: Steps) -> Iterator[Event]:
    counter = {"ph": "C", "name": name, "pid": process, "tid": 0}
    for at_ns, count in zip(*(column.tolist() for column in steps), strict=True):
        yield {**counter, "ts": at_ns / 1_000, "args": {"count": count}}
