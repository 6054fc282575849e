"""Fetched counts: what compiled code has counted, in the tally that metrics read."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from simcoalesce.compiled.capacity import MARGIN, with_space
from simcoalesce.compiled.fetched_calls import begin_calls, fetch_calls, with_calls
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import State
from simcoalesce.compiled.tally_records import Latencies, Pending
from simcoalesce.metrics.latency_histogram import BINS, LatencyHistogram
from simcoalesce.metrics.tally import COUNTED, Tally

_RING: Final = 1 << 11
"""How many requests may be under way before the ring grows."""
_LATENCIES: Final = 1 << 16
"""How many are kept before they are taken out the first time."""
_MANY_LATENCIES: Final = 1 << 20
"""How many are kept later: so much memory comes in large pages, in less time."""


class FetchedCounts:
    """A tally, and where a state keeps what belongs into it.

    Args:
        tally: What is counted.

    Attributes:
        kept: Where the loop keeps latencies one by one, until they are taken out.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self.kept = np.empty(3 * _LATENCIES, dtype=np.int64)

    def begin(self, numbers: Row) -> Row:
        """Return the state with memory for counts; runs of one path begin alike."""
        numbers, windows = with_space(numbers, self._tally.windows.open.size)
        State(numbers, 0).counts.windows = windows
        numbers = _with_ring(numbers, _RING)
        self._keep(State(numbers, 0), _LATENCIES)
        return begin_calls(numbers, self._tally.calls.window_ns)

    def _reach(self, numbers: Row) -> Row:
        """Return the state with memory for the seconds of all arrivals so far."""
        state = State(numbers, 0)
        if state.latest < state.counts.seconds_end:
            return numbers
        self._fetch_seconds(numbers)
        self._tally.seconds.reach(state.latest)
        return self._with_seconds(numbers)

    def fetch(self, numbers: Row) -> Row:
        """Take latencies out; return the state with capacity for what is short."""
        state = State(numbers, 0)
        counts, pending = state.counts, state.shown - state.counted + MARGIN
        if 2 * (counts.requests - counts.fetched + pending) > counts.capacity:
            self._take(numbers)
            is_short = 2 * pending > counts.capacity
            capacity = counts.capacity * (2 if is_short else 1)
            self._keep(state, max(capacity, _MANY_LATENCIES))
        if pending >= state.pending_mask:
            numbers = _with_ring(numbers, 2 * (state.pending_mask + 1))
        return self._reach(self._with_bins(with_calls(numbers)))

    def end(self, numbers: Row) -> None:
        """Bring the tally up to date."""
        self._take(numbers)
        self._fetch_seconds(numbers)
        counts, tally = State(numbers, 0).counts, self._tally
        if not State(numbers, 0).has_call_log:
            fetch_calls(numbers, tally.calls)
        tally.counts[:] = numbers[counts.at : counts.at + COUNTED]
        tally.windows.open[:] = _table(numbers, counts.windows, tally.windows.open)

    def _histograms(self, state: State) -> Iterator[tuple[Latencies, LatencyHistogram]]:
        counts, tally = state.counts, self._tally
        yield counts.answered, tally.answered
        yield counts.failed, tally.failed
        yield counts.ages, tally.ages

    def _keep(self, state: State, capacity: int) -> None:
        """Begin to keep latencies where none are; what was kept is the histograms'."""
        state.counts.capacity = capacity
        for index, (latencies, _) in enumerate(self._histograms(state)):
            latencies.kept = index * capacity
        self.kept = np.empty(3 * capacity, dtype=np.int64)

    def _take(self, numbers: Row) -> None:
        """Let the histograms have the latencies."""
        state = State(numbers, 0)
        for latencies, histogram in self._histograms(state):
            histogram.add(self.kept[latencies.kept :][: latencies.count])
            latencies.count = 0
            if latencies.bins:
                bins = numbers[latencies.bins :][:BINS]
                histogram.add_bins(bins, latencies.longest)
                bins[:] = 0
        state.counts.fetched = state.counts.requests

    def _with_bins(self, numbers: Row) -> Row:
        """Return the state with bins for latencies of which there are too many."""
        for index, (latencies, histogram) in enumerate(
            self._histograms(State(numbers, 0))
        ):
            if histogram.bins is not None and not latencies.bins:
                numbers, first = with_space(numbers, BINS)
                moved = [*self._histograms(State(numbers, 0))][index][0]
                moved.bins = first
        return numbers

    def _with_seconds(self, numbers: Row) -> Row:
        seconds = self._tally.seconds
        numbers, first = with_space(numbers, seconds.rows.size)
        numbers[first : first + seconds.rows.size] = seconds.rows.ravel()
        counts = State(numbers, 0).counts
        counts.seconds, counts.second_ns = first, seconds.width_ns
        counts.second_ends = 0
        counts.seconds_end = len(seconds.rows) * seconds.width_ns
        return numbers

    def _fetch_seconds(self, numbers: Row) -> None:
        rows = self._tally.seconds.rows
        if State(numbers, 0).counts.seconds:
            rows[:] = _table(numbers, State(numbers, 0).counts.seconds, rows)


def _table(numbers: Row, first: int, like: Row) -> Row:
    """Return a table of a state, of the shape of another one."""
    return numbers[first : first + like.size].reshape(like.shape)


def _with_ring(numbers: Row, size: int) -> Row:
    """Return the state with a ring of another size, where each has its turn."""
    numbers, first = with_space(numbers, size * Pending.width)
    state, width = State(numbers, 0), Pending.width
    turns = np.arange(state.counted, state.shown)
    sources = state.pending + (turns & state.pending_mask) * width
    targets = first + (turns & (size - 1)) * width
    for column in range(width):
        numbers[targets + column] = numbers[sources + column]
    state.pending, state.pending_mask = first, size - 1
    return numbers
