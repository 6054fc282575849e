"""Stories: what happened in one run, told by the rows that it left."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from simcoalesce.metrics.stampede import Stampedes, stampedes
from simcoalesce.outcomes import NEVER, Outcomes
from simcoalesce.units import NS_PER_S

_MOST_STAMPEDES: Final = 8

EventKind = Literal[
    "arrivals_begin",
    "first_call",
    "first_answer",
    "readable",
    "stampede",
    "first_429",
    "recovery",
    "no_recovery",
    "writes_refused",
    "last_arrival",
]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and the row that shows it.

    Attributes:
        at_ns: When, from the start of the run.
        kind: What.
        number: How many are meant: requests, misses, calls accepted before.
        refused: How many of them the origin refused.
        request: The request by which it is seen; None if it is none.
        row: The column of which table says so.
    """

    at_ns: int
    kind: EventKind
    number: int
    row: str
    refused: int = 0
    request: int | None = None

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "at_s": self.at_ns / NS_PER_S,
            "kind": self.kind,
            "number": self.number,
            "refused": self.refused,
            "request": self.request,
            "evidence": self.row,
        }


def story(outcomes: Outcomes) -> tuple[Event, ...]:
    """Return what happened in a run, in the order of time.

    Args:
        outcomes: One run, simulated or observed.
    """
    if not len(outcomes.request_rows.request):
        return ()
    told = [*_beginning(outcomes), *_windows(outcomes), *_refusals(outcomes)]
    told += _ending(outcomes)
    order: dict[str, int] = {"last_arrival": 2, "writes_refused": 1}
    return tuple(sorted(told, key=lambda one: (one.at_ns, order.get(one.kind, 0))))


def _beginning(outcomes: Outcomes) -> Iterator[Event]:
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    yield Event(
        int(rows.arrived_at_ns[0]),
        "arrivals_begin",
        len(rows.request),
        "requests.arrived_at_s",
        request=int(rows.request[0]),
    )
    if len(calls.request):
        yield Event(
            int(calls.called_at_ns[0]),
            "first_call",
            1,
            "origin_hits.called_at_s",
            request=int(calls.request[0]),
        )
    good = np.flatnonzero(calls.status < 400)
    if len(good):
        first = good[np.argmin(calls.completed_at_ns[good])]
        at_ns = int(calls.completed_at_ns[first])
        waiting = np.count_nonzero(calls.called_at_ns < at_ns)
        yield Event(
            at_ns,
            "first_answer",
            int(waiting),
            "origin_hits.completed_at_s",
            request=int(calls.request[first]),
        )


def _windows(outcomes: Outcomes) -> Iterator[Event]:
    """Yield the first window's end, and the further stampedes, the largest ones."""
    found = stampedes(outcomes)
    if not len(found.size):
        return
    if found.closed_at_ns[0] != NEVER:
        closed_ns = int(found.closed_at_ns[0])
        rows = outcomes.request_rows
        is_it = (rows.arrived_at_ns == closed_ns) & (rows.key == found.key[0])
        yield Event(
            closed_ns,
            "readable",
            int(found.size[0]),
            "requests.lookup",
            request=int(rows.request[np.flatnonzero(is_it)[0]]),
        )
    later = np.flatnonzero(found.size[1:] >= 2) + 1
    largest = later[np.argsort(-found.size[later], kind="stable")][:_MOST_STAMPEDES]
    for place in sorted(largest.tolist()):
        yield _stampede(outcomes, found, place)


def _stampede(outcomes: Outcomes, found: Stampedes, place: int) -> Event:
    calls, opened_ns = outcomes.origin_rows, int(found.opened_at_ns[place])
    closed_ns = int(found.closed_at_ns[place])
    is_its = (calls.key == found.key[place]) & (calls.called_at_ns >= opened_ns)
    if closed_ns != NEVER:
        is_its &= calls.called_at_ns < closed_ns
    return Event(
        opened_ns,
        "stampede",
        int(found.size[place]),
        "requests.lookup",
        refused=int(np.count_nonzero(is_its & (calls.status == 429))),
    )


def _refusals(outcomes: Outcomes) -> Iterator[Event]:
    calls = outcomes.origin_rows
    refused = np.flatnonzero(calls.status == 429)
    if not len(refused):
        return
    first = refused[0]
    at_ns = int(calls.called_at_ns[first])
    before = np.count_nonzero(calls.status[:first] != 429)
    yield Event(
        at_ns,
        "first_429",
        int(before),
        "origin_hits.status",
        refused=len(refused),
        request=int(calls.request[first]),
    )
    last_ns = int(calls.called_at_ns[refused[-1]])
    rows = outcomes.request_rows
    served = np.flatnonzero(rows.answered & (rows.arrived_at_ns > last_ns))
    if len(served):
        yield Event(
            int(rows.arrived_at_ns[served[0]]),
            "recovery",
            len(served),
            "requests.status",
            request=int(rows.request[served[0]]),
        )
    else:
        yield Event(last_ns, "no_recovery", len(refused), "origin_hits.status")


def _ending(outcomes: Outcomes) -> Iterator[Event]:
    rows = outcomes.request_rows
    last_ns = int(rows.arrived_at_ns[-1])
    refused_writes = int(outcomes.usage.get("kv_writes_refused", 0))
    if refused_writes:
        yield Event(
            last_ns, "writes_refused", refused_writes, "usage.kv_writes_refused"
        )
    yield Event(
        last_ns,
        "last_arrival",
        len(outcomes.origin_rows.request),
        "requests.arrived_at_s",
        refused=int(np.count_nonzero(outcomes.origin_rows.status == 429)),
        request=int(rows.request[-1]),
    )
