"""What a request spent its time on, as far as rows tell."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes, Role


class Phase(IntEnum):
    """A part of the time that a request takes."""

    LOOKUP = 0
    WAIT = 1
    ORIGIN = 2
    RETRY = 3
    RETURN = 4


@dataclass(frozen=True, slots=True)
class Segments:
    """Parts of the time of requests, one phase each; arrays of shape (segments,).

    Attributes:
        lane: Index of the request among those asked for.
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
    has no call: all of its time is waiting, its look-up included. What a call lasts
    beyond its request's answer, as a background refresh does, is left out.

    Args:
        outcomes: One run.
        lanes: Indices of request rows, in order of arrival.
    """
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    began, ended = rows.arrived_at_ns[lanes], rows.completed_at_ns[lanes]
    lane_of_call, call = _calls_of(rows.request[lanes], calls.request)
    start = np.clip(calls.called_at_ns[call], began[lane_of_call], ended[lane_of_call])
    end = np.clip(calls.completed_at_ns[call], start, ended[lane_of_call])
    first, last = _ends(lane_of_call)
    called = lane_of_call[first]
    idle = np.setdiff1d(np.arange(len(lanes)), called)
    is_follower = rows.role[lanes] == Role.FOLLOWER
    alone = np.where(is_follower[idle], int(Phase.WAIT), int(Phase.LOOKUP))
    tail = np.where(is_follower[called], int(Phase.WAIT), int(Phase.RETURN))
    again = np.setdiff1d(np.arange(len(call)), first)
    parts = [
        (idle, alone, began[idle], ended[idle]),
        (called, np.full(len(called), int(Phase.LOOKUP)), began[called], start[first]),
        (lane_of_call, np.full(len(call), int(Phase.ORIGIN)), start, end),
        (
            lane_of_call[again],
            np.full(len(again), int(Phase.RETRY)),
            np.minimum(end[again - 1], start[again]),
            start[again],
        ),
        (called, tail, end[last], ended[called]),
    ]
    lane, phase, begin, finish = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    is_real = finish > begin
    return Segments(lane[is_real], phase[is_real], begin[is_real], finish[is_real])


def _calls_of(
    requests: NDArray[np.int64], callers: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (lane of the request, index of the call), by request, then in order."""
    by_id = np.argsort(requests, kind="stable")
    ids = requests[by_id]
    found = np.minimum(np.searchsorted(ids, callers), max(len(ids) - 1, 0))
    call = np.flatnonzero(ids[found] == callers) if len(ids) else found[:0]
    lane = by_id[found[call]]
    order = np.argsort(lane, kind="stable")
    return lane[order], call[order]


def _ends(lane: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the indices of the first and the last of each run of equal values."""
    changes = np.flatnonzero(np.diff(lane)) + 1
    if not len(lane):
        return changes, changes
    return np.concatenate([[0], changes]), np.concatenate(
        [changes - 1, [len(lane) - 1]]
    )
