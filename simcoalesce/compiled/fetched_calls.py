"""Fetched counts of calls: what compiled code has counted of them."""

from typing import Final

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
    peaks = (counts.per_s, counts.per_window)
    most = max(counts.open, *(peak.came - peak.gone for peak in peaks))
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
    numbers, first = with_space(numbers, 3 * size)
    counts = State(numbers, 0).call_counts
    ends = numbers[counts.ends :][: counts.open]
    numbers[first : first + counts.open] = ends
    counts.ends = first
    for peak, ring in (
        (counts.per_s, first + size),
        (counts.per_window, first + 2 * size),
    ):
        for turn in range(peak.gone, peak.came):
            instant = numbers[peak.instants + (turn & peak.mask)]
            numbers[ring + (turn & (size - 1))] = instant
        peak.instants, peak.mask = ring, size - 1
    return numbers
