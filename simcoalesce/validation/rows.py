"""Rows: what the visitors, the origin and the KV store saw, as the model's tables."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import (
    NEVER,
    Lookup,
    OriginRows,
    Outcomes,
    RequestRows,
    Role,
)
from simcoalesce.request import Requests
from simcoalesce.validation.http import Message
from simcoalesce.validation.visitors import Visit

LAYERS: Final = ("kv", "memory", "origin", "worker")
"""Who may answer: ``worker`` stands for its own errors, and for the runtime's."""
_BROKEN: Final = 500


def outcomes_of(
    sent: Requests,
    visits: Sequence[Visit],
    *,
    calls: OriginRows,
    usage: Mapping[str, float],
    keys: tuple[str, ...],
    locations: tuple[str, ...],
) -> Outcomes:
    """Return the three tables of an observed run.

    CPU time, active time and queues of objects cannot be seen from outside: their
    usage is 0.

    Args:
        sent: The requests, with the instants at which they were sent.
        visits: What became of them, in the same order.
        calls: What the origin saw.
        usage: What the KV store and the origin counted.
        keys: Names of the keys.
        locations: Names of the locations.
    """
    asked = sum(_asked_an_object(visit.message) for visit in visits)
    counted = {
        "worker_requests": len(visits),
        "worker_cpu_ms": 0.0,
        "kv_reads": 0,
        "kv_writes": 0,
        "kv_writes_refused": 0,
        "object_requests": asked,
        "object_gb_s": 0.0,
        "object_peak_queue": 0,
        "origin_calls": len(calls.request),
        **usage,
    }
    rows = _request_rows(sent, visits)
    return Outcomes(rows, calls, counted, keys, locations, LAYERS)


def _asked_an_object(message: Message | None) -> bool:
    return message is not None and "via" in message.headers


def _request_rows(sent: Requests, visits: Sequence[Visit]) -> RequestRows:
    traces = [_trace(visit.message) for visit in visits]
    completed_at_ns = _column([visit.completed_at_ns for visit in visits])
    lookup = _column([trace[1] for trace in traces])
    made_at_ns = _column([visit.made_at_ns or 0 for visit in visits])
    return RequestRows(
        request=np.arange(len(visits)),
        key=sent.key,
        location=sent.location,
        isolate=sent.isolate,
        arrived_at_ns=sent.arrived_at_ns,
        completed_at_ns=completed_at_ns,
        status=_column([v.message.status if v.message else _BROKEN for v in visits]),
        lookup=lookup,
        role=_column([trace[2] for trace in traces]),
        served_by=_column([trace[0] for trace in traces]),
        age_ns=np.where(lookup == Lookup.HIT, completed_at_ns - made_at_ns, NEVER),
        attempts=np.ones(len(visits), dtype=np.int64),
    )


def _trace(message: Message | None) -> tuple[int, int, int]:
    """Return who answered, from where, and what the request did for it."""
    said = message.headers.get("cache-status", "") if message else ""
    name, status, detail = (*said.split("; "), "", "", "")[:3]
    role = detail.removeprefix("detail=").upper()
    return (
        LAYERS.index(name if name in LAYERS else "worker"),
        Lookup.HIT if status == "hit" else Lookup.MISS,
        Role[role] if role in Role.__members__ else Role.LEADER,
    )


def _column(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
