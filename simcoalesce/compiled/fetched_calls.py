"""Fetched counts of calls: what compiled code has counted of them."""

from typing import Final

import numpy as np

from simcoalesce.compiled.capacity import MARGIN, with_space
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import State
from simcoalesce.metrics.calls import Calls
from simcoalesce.outcomes import NEVER
from simcoalesce.units import NS_PER_S

_CALLS: Final = 1 << 10
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
    rings = (counts, counts.per_s, counts.per_window)
    most = max(counts.open_others, *(ring.came - ring.gone for ring in rings))
    if most + MARGIN <= counts.per_s.mask:
        return numbers
    return _with_capacity(numbers, 2 * (counts.per_s.mask + 1))


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


def _with_capacity(numbers: Row, size: int) -> Row:
    """Return the state with memory for so many calls; those that it holds stay."""
    numbers, first = with_space(numbers, 4 * size)
    counts = State(numbers, 0).call_counts
    held = numbers[counts.others :][: counts.open_others]
    numbers[first : first + len(held)] = held
    mask = counts.per_s.mask
    rings = (
        (counts.ends, counts),
        (counts.per_s.instants, counts.per_s),
        (counts.per_window.instants, counts.per_window),
    )
    for index, (instants, ring) in enumerate(rings, 1):
        turns = np.arange(ring.gone, ring.came)
        target = first + index * size
        numbers[target + (turns & (size - 1))] = numbers[instants + (turns & mask)]
    counts.others, counts.ends = first, first + size
    counts.per_s.instants, counts.per_window.instants = (
        first + 2 * size,
        first + 3 * size,
    )
    counts.per_s.mask = counts.per_window.mask = size - 1
    return numbers
