"""Events: what happens in a run, one after the other, for any program to read."""

from collections.abc import Iterator
from typing import Any, ClassVar

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.json_text import json_text
from simcoalesce.outcomes import METHODS, Lookup, Outcomes, Role
from simcoalesce.report.export import Export
from simcoalesce.units import NS_PER_S


class Events(Export):
    """The events of a run as NDJSON: one JSON object a line, in order of time.

    A request arrives and is answered; the origin is called and answers. Instants are
    seconds from the start; what happens at one instant is in the order of the requests,
    what ends before what begins.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".ndjson",)

    @override
    def needs_rows(self, name: str) -> bool:
        return True

    @override
    def text(self, result: Result) -> str:
        outcomes = result.outcomes
        found = [*_of_requests(outcomes), *_of_origin(outcomes)]
        found.sort(key=lambda event: event[0])
        return "".join(f"{json_text(event)}\n" for _, event in found)


Event = tuple[tuple[int, int, int], dict[str, Any]]
"""Instant, phase and request, by which events are ordered; and the event."""


def _of_requests(outcomes: Outcomes) -> Iterator[Event]:
    rows, method = outcomes.request_rows, outcomes.method
    for row, request in enumerate(rows.request.tolist()):
        arrived, completed = (
            int(rows.arrived_at_ns[row]),
            int(rows.completed_at_ns[row]),
        )
        whose = {
            "request": request,
            "key": outcomes.keys[rows.key[row]],
            "location": outcomes.locations[rows.location[row]],
            "isolate": int(rows.isolate[row]),
            **({} if method is None else {"method": METHODS[method[row]]}),
        }
        yield (
            (arrived, 2, request),
            {"at_s": arrived / NS_PER_S, "event": "request_arrived", **whose},
        )
        answer = {
            "status": int(rows.status[row]),
            "latency_s": (completed - arrived) / NS_PER_S,
            "lookup": Lookup(rows.lookup[row]).name.lower(),
            "role": Role(rows.role[row]).name.lower(),
            "served_by": outcomes.layers[rows.served_by[row]],
            "attempts": int(rows.attempts[row]),
        }
        yield (
            (completed, 1, request),
            {"at_s": completed / NS_PER_S, "event": "request_answered", **whose}
            | answer,
        )


def _of_origin(outcomes: Outcomes) -> Iterator[Event]:
    rows = outcomes.origin_rows
    for row, request in enumerate(rows.request.tolist()):
        called, completed = int(rows.called_at_ns[row]), int(rows.completed_at_ns[row])
        whose = {"request": request, "key": outcomes.keys[rows.key[row]]}
        yield (
            (called, 3, request),
            {"at_s": called / NS_PER_S, "event": "origin_called", **whose},
        )
        answer = {"status": int(rows.status[row]), "version": int(rows.version[row])}
        yield (
            (completed, 0, request),
            {"at_s": completed / NS_PER_S, "event": "origin_answered", **whose}
            | answer,
        )
