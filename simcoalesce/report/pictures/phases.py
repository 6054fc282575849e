"""What a request spent its time on, as far as rows tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes, Role
from simcoalesce.report.pictures.outcome_class import Paint


class Phase(IntEnum):
    """A part of a request's life."""

    LOOKUP = 0
    WAIT = 1
    ORIGIN = 2
    RETRY = 3
    RETURN = 4


PHASE_PAINTS: Final[Mapping[Phase, Paint]] = {
    Phase.LOOKUP: Paint("look-up", "#4aa3d4", "#2f7ca8"),
    Phase.WAIT: Paint("waits for another's fetch", "#8fcdb3", "#00694c"),
    Phase.ORIGIN: Paint("origin", "#e69f00", "#8a5f00"),
    Phase.RETRY: Paint("between two calls", "#c9c9c9", "#6b6b6b"),
    Phase.RETURN: Paint("write and return", "#b07aa1", "#6f4465"),
}


@dataclass(frozen=True, slots=True)
class Segments:
    """Chunks of requests' lives, one phase each; arrays of shape (segments,).

    Attributes:
        lane: Place of the request among those asked for.
        phase: A `Phase`.
        start_ns: Begin, in nanoseconds.
        end_ns: End.
    """

    lane: NDArray[np.int64]
    phase: NDArray[np.int64]
    start_ns: NDArray[np.int64]
    end_ns: NDArray[np.int64]


def segments(outcomes: Outcomes, lanes: NDArray[np.int64]) -> Segments:
    """Return the phases of some requests.

    Rows hold when a request came and went, and when it called the origin. So what lies
    before its first call is look-up, behind its last call write and return. A follower
    has no call: its whole life is waiting, its look-up included. What a call lasts
    beyond its request's life, as a background refresh does, is left out.

    Args:
        outcomes: One run.
        lanes: Indices of request rows, in order of arrival.
    """
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    born, gone = rows.arrived_at_ns[lanes], rows.completed_at_ns[lanes]
    lane_of_call, call = _calls_of(rows.request[lanes], calls.request)
    start = np.clip(calls.called_at_ns[call], born[lane_of_call], gone[lane_of_call])
    end = np.clip(calls.completed_at_ns[call], start, gone[lane_of_call])
    first, last = _ends(lane_of_call)
    called = lane_of_call[first]
    idle = np.setdiff1d(np.arange(len(lanes)), called)
    is_follower = rows.role[lanes] == Role.FOLLOWER
    alone = np.where(is_follower[idle], int(Phase.WAIT), int(Phase.LOOKUP))
    tail = np.where(is_follower[called], int(Phase.WAIT), int(Phase.RETURN))
    again = np.setdiff1d(np.arange(len(call)), first)
    parts = [
        (idle, alone, born[idle], gone[idle]),
        (called, np.full(len(called), int(Phase.LOOKUP)), born[called], start[first]),
        (lane_of_call, np.full(len(call), int(Phase.ORIGIN)), start, end),
        (
            lane_of_call[again],
            np.full(len(again), int(Phase.RETRY)),
            np.minimum(end[again - 1], start[again]),
            start[again],
        ),
        (called, tail, end[last], gone[called]),
    ]
    lane, phase, begin, finish = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    is_real = finish > begin
    return Segments(lane[is_real], phase[is_real], begin[is_real], finish[is_real])


def _calls_of(
    requests: NDArray[np.int64], callers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (place of the request, index of the call), by request, then in order."""
    by_id = np.argsort(requests, kind="stable")
    ids = requests[by_id]
    found = np.minimum(np.searchsorted(ids, callers), max(len(ids) - 1, 0))
    call = np.flatnonzero(ids[found] == callers) if len(ids) else found[:0]
    lane = by_id[found[call]]
    order = np.argsort(lane, kind="stable")
    return lane[order], call[order]


def _ends(lane: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of the first and the last entry of each run of equal values."""
    changes = np.flatnonzero(np.diff(lane)) + 1
    if not len(lane):
        return changes, changes
    return np.concatenate([[0], changes]), np.concatenate(
        [changes - 1, [len(lane) - 1]]
    )
