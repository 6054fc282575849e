"""Rows: what the clients, the origin and the KV store saw, as the model's tables."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import (
    NEVER,
    Lookup,
    OriginRows,
    Outcomes,
    RequestRows,
    Role,
    is_served,
)
from simcoalesce.request import Requests
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.target import Trace


class Names(NamedTuple):
    """What the numbers in the tables mean."""

    keys: tuple[str, ...]
    locations: tuple[str, ...]
    layers: tuple[str, ...]
    """Who may answer."""


def measured_outcomes(
    sent: Requests,
    answered: Sequence[ClientRequest],
    traces: Sequence[Trace],
    *,
    calls: OriginRows,
    usage: Mapping[str, float],
    names: Names,
) -> Outcomes:
    """Return the three tables of a measured run.

    CPU time and active time of objects cannot be seen from outside: their usage is 0.

    Args:
        sent: The requests, with the instants at which they were sent.
        answered: The same requests with their answers, in the same order.
        traces: What these show, in the same order.
        calls: What the origin saw.
        usage: What the target and the origin counted; 0 for all else.
        names: What the numbers in the rows mean.
    """
    counted = Recorder().counted(0, len(calls.request))
    counted |= {"worker_requests": len(answered), **usage}
    rows = _request_rows(sent, answered, traces)
    return Outcomes(rows, calls, counted, *names, page=sent.page)


def _request_rows(
    sent: Requests, answered: Sequence[ClientRequest], traces: Sequence[Trace]
) -> RequestRows:
    completed_at_ns = _column([one.completed_at_ns for one in answered])
    lookup = _column([trace.lookup for trace in traces])
    role = _column([trace.role for trace in traces])
    if sent.storable is not None:
        lookup[~sent.storable], role[~sent.storable] = (
            int(Lookup.BYPASS),
            int(Role.NONE),
        )
    made_at_ns = _column([one.made_at_ns or 0 for one in answered])
    return RequestRows(
        request=np.arange(len(answered)),
        key=sent.key,
        location=sent.location,
        isolate=sent.isolate,
        arrived_at_ns=sent.arrived_at_ns,
        completed_at_ns=completed_at_ns,
        status=_column([one.status for one in answered]),
        lookup=lookup,
        role=role,
        served_by=_column([trace.served_by for trace in traces]),
        age_ns=np.where(is_served(lookup), completed_at_ns - made_at_ns, NEVER),
        attempts=np.ones(len(answered), dtype=np.int64),
    )


def _column(values: Sequence[int]) -> NDArray[np.int64]:
    return np.array(values, dtype=np.int64)
