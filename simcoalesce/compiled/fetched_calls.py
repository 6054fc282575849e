"""Fetched counts of calls: what compiled code has counted of them."""

from typing import Final

import numpy as np

from simcoalesce.compiled.capacity import MARGIN, with_space
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import State
from simcoalesce.compiled.tally_records import CallCounts, CallQueue
from simcoalesce.metrics.calls import Calls
from simcoalesce.outcomes import NEVER
from simcoalesce.units import NS_PER_S

_CALLS: Final = 1 << 12
"""How many calls may be open, or in a window, before there is memory for more."""


def begin_calls(numbers: Row, window_ns: int) -> Row:
    """Return the state with memory for counts of calls.

    Args:
        numbers: The state.
        window_ns: Length of the window of the origin's limit; 0 if it has none.
    """
    counts = State(numbers, 0).call_counts
    counts.first_rejected = NEVER
    counts.per_s.window_ns, counts.per_window.window_ns = NS_PER_S, window_ns
    return _with_capacity(numbers, _CALLS)


def with_calls(numbers: Row) -> Row:
    """Return the state with capacity for more calls, if that is short."""
    counts = State(numbers, 0).call_counts
    held = (queue.came - queue.gone for queue in _queues(counts))
    if max(counts.open_others, *held) + MARGIN <= counts.mask:
        return numbers
    return _with_capacity(numbers, 2 * (counts.mask + 1))


def fetch_calls(numbers: Row, calls: Calls) -> None:
    """Bring the counts of a tally up to date."""
    counts = State(numbers, 0).call_counts
    calls.count, calls.rejected = counts.count, counts.rejected
    calls.failed = counts.failed
    calls.first_rejected_at_ns = counts.first_rejected
    calls.peak_concurrency = counts.most_open
    calls.per_s.most = counts.per_s.most
    if calls.per_window is not None:
        calls.per_window.most = counts.per_window.most


def _queues(counts: CallCounts) -> list[CallQueue]:
    return [counts.ends, counts.per_s.calls, counts.per_window.calls]


def _with_capacity(numbers: Row, size: int) -> Row:
    """Return the state with memory for so many calls; those that it holds stay."""
    numbers, first = with_space(numbers, 4 * size)
    counts = State(numbers, 0).call_counts
    held = numbers[counts.others :][: counts.open_others]
    numbers[first : first + len(held)] = held
    counts.others = first
    for index, queue in enumerate(_queues(counts), 1):
        turns, target = np.arange(queue.gone, queue.came), first + index * size
        instants = numbers[queue.instants + (turns & counts.mask)]
        numbers[target + (turns & (size - 1))] = instants
        queue.instants = target
    counts.mask = size - 1
    return numbers
