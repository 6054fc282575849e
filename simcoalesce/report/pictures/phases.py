"""What a request spent its time on, as far as rows tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes, Role
from simcoalesce.report.blocks.number_format import listed
from simcoalesce.report.blocks.path_sentences import waits_after, waits_before
from simcoalesce.report.pictures.chart_context import ChartContext
from simcoalesce.report.pictures.outcome_class import Paint


class Phase(IntEnum):
    """A part of the time that a request takes."""

    LOOKUP = 0
    WAIT = 1
    ORIGIN = 2
    RETRY = 3
    RETURN = 4


_COLOURS: Final[Mapping[Phase, tuple[str, str]]] = {
    Phase.LOOKUP: ("#4aa3d4", "#2f7ca8"),
    Phase.WAIT: ("#8fcdb3", "#00694c"),
    Phase.ORIGIN: ("#e69f00", "#8a5f00"),
    Phase.RETRY: ("#c9c9c9", "#6b6b6b"),
    Phase.RETURN: ("#b07aa1", "#6f4465"),
}


def phase_paints(setting: ChartContext | None) -> dict[Phase, Paint]:
    """Return how phases are drawn, and called: by what layers say requests wait for.

    Args:
        setting: The scenario; None knows of no waits but look-ups and writes.
    """
    path = setting.path if setting else ()
    before, after = waits_before(path), waits_after(path)
    labels = {
        Phase.LOOKUP: listed(["look-up", *(wait.name for wait in before)]),
        Phase.WAIT: "waits for another's fetch",
        Phase.ORIGIN: "origin",
        Phase.RETRY: "between two calls",
        Phase.RETURN: listed(["write", *(wait.name for wait in after), "return"]),
    }
    return {phase: Paint(labels[phase], *_COLOURS[phase]) for phase in Phase}


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
