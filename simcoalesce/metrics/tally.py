"""The tally: all that metrics need of a run, counted chunk by chunk.

A run is tallied as a whole or in any chunks, with the same counts; what is kept
does not grow with the number of requests (latencies and ages do, up to `EXACT` of
them).
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.calls import Calls
from simcoalesce.metrics.latency_histogram import LatencyHistogram
from simcoalesce.metrics.measured_span import MeasuredSpan
from simcoalesce.metrics.page_tally import PageTally
from simcoalesce.metrics.seconds import Seconds
from simcoalesce.metrics.stampede import MissWindows, Stampedes
from simcoalesce.outcomes import (
    NEVER,
    Lookup,
    OriginRows,
    Outcomes,
    RequestRows,
    Role,
    is_served,
)

# What is counted, in the order of `Tally.counts`.
REQUESTS: Final = 0
ERRORS: Final = 1
HITS: Final = 2
STALE: Final = 3
LEADERS: Final = 4
FOLLOWERS: Final = 5
BYPASSES: Final = 6
LARGEST_CLOSED: Final = 7
"""Misses of the largest window that a cache closed; of equals the first to open."""
OPENED_BY: Final = 8
"""The request that opened it."""
WINDOW_NS: Final = 9
"""How long it was open."""
COUNTED: Final = 10


class Tally:
    """The counts of one run so far.

    Attributes:
        counts: Whole numbers, by the constants of this module.
        windows: The miss windows that are open now.
        answered: Latencies of the requests with a usable answer.
        failed: Latencies of the requests with an error.
        ages: Ages of the usable answers that a cache gave.
        seconds: Errors and latencies by the second of arrival.
        calls: What the origin received.
        pages: Pages of several requests; what arrives is told to it before.
        usage: Counted operations by unit, as in `Outcomes`.
        selected: Tallies of parts of the requests, by names as errors[key=sale].
    """

    __slots__ = (
        *("_all", "ages", "answered", "calls", "counts"),
        *("failed", "pages", "seconds", "selected", "usage", "windows"),
    )

    def __init__(self, *, keys: int, locations: int, window_ns: int = 0) -> None:
        """Begin to count.

        Args:
            keys: How many keys there are.
            locations: How many locations there are.
            window_ns: Length of the window of the origin's limit; 0 if it has none.
        """
        self.counts: NDArray[np.int64] = np.zeros(COUNTED, dtype=np.int64)
        self.windows = MissWindows(keys=keys, locations=locations)
        self.answered = LatencyHistogram()
        self.failed = LatencyHistogram()
        self._all = LatencyHistogram()
        self.ages = LatencyHistogram()
        self.seconds = Seconds()
        self.calls = Calls(window_ns)
        self.pages = PageTally()
        self.usage: Mapping[str, float] = {}
        self.selected: Mapping[str, Tally] = {}

    @classmethod
    def of(cls, outcomes: Outcomes, *, window_ns: int = 0) -> "Tally":
        """Return the counts of a run, of what is measured of it."""
        keys, locations = len(outcomes.keys), len(outcomes.locations)
        tally = cls(keys=keys, locations=locations, window_ns=window_ns)
        measured = MeasuredSpan(*outcomes.measured_ns)
        tally.pages.arrive(outcomes.page)
        tally.add(measured.requests(outcomes.request_rows))
        tally.calls.add(in_order(measured.calls(outcomes.origin_rows)))
        tally.usage = outcomes.usage
        return tally

    def __getitem__(self, which: int) -> int:
        return int(self.counts[which])

    def add(self, rows: RequestRows) -> None:
        """Count requests that come after all that were counted before."""
        answered = rows.answered
        latency_ns = rows.latency_ns
        self.counts[REQUESTS] += len(answered)
        for which, is_one in (
            (ERRORS, ~answered),
            (HITS, rows.lookup == int(Lookup.HIT)),
            (STALE, rows.lookup == int(Lookup.STALE)),
            (LEADERS, rows.role == int(Role.LEADER)),
            (FOLLOWERS, rows.role == int(Role.FOLLOWER)),
            (BYPASSES, rows.lookup == int(Lookup.BYPASS)),
        ):
            self.counts[which] += np.count_nonzero(is_one)
        self.answered.add(latency_ns[answered])
        self.failed.add(latency_ns[~answered])
        self.ages.add(rows.age_ns[answered & is_served(rows.lookup)])
        self.seconds.add(rows.arrived_at_ns, latency_ns, ~answered)
        self.pages.add(rows)
        self._note(self.windows.add(rows))

    def absorb(self, other: "Tally") -> None:
        """Add the requests of other keys, but neither their calls nor their usage."""
        self.counts[:LARGEST_CLOSED] += other.counts[:LARGEST_CLOSED]
        self._note_window(*other.counts[LARGEST_CLOSED:])
        self.windows.open += other.windows.open
        self.answered.absorb(other.answered)
        self.failed.absorb(other.failed)
        self.ages.absorb(other.ages)
        self.seconds.absorb(other.seconds)

    def all_latencies(self) -> LatencyHistogram:
        """Return the latencies of all requests, answered or not."""
        if not self.failed.count:
            return self.answered
        if self._all.count != self.answered.count + self.failed.count:
            self._all = LatencyHistogram()
            self._all.absorb(self.answered)
            self._all.absorb(self.failed)
        return self._all

    def _note(self, closed: Stampedes) -> None:
        """Note the largest of some windows, if it is the largest so far."""
        if not len(closed.size):
            return
        largest = np.flatnonzero(closed.size == closed.size.max())
        first = largest[closed.opened_by[largest].argmin()]
        self._note_window(
            closed.size[first], closed.opened_by[first], closed.open_ns[first]
        )

    def _note_window(self, size: int, opened_by: int, open_ns: int) -> None:
        kept_size, kept_by = self[LARGEST_CLOSED], self[OPENED_BY]
        if size > kept_size or (size == kept_size and opened_by < kept_by):
            self.counts[LARGEST_CLOSED:] = size, opened_by, open_ns

    @property
    def stampede_size_max(self) -> int:
        """The most misses in one window, closed or not."""
        return max(self[LARGEST_CLOSED], int(self.windows.open[:, 0].max(initial=0)))

    @property
    def miss_window_ns(self) -> int:
        """How long the largest window that was closed was open; NEVER without one."""
        return self[WINDOW_NS] if self[LARGEST_CLOSED] else NEVER


def in_order(calls: OriginRows) -> OriginRows:
    """Return calls in the order in which the origin received them."""
    if np.all(calls.called_at_ns[1:] >= calls.called_at_ns[:-1]):
        return calls
    order = np.argsort(calls.called_at_ns, kind="stable")
    return OriginRows(*(getattr(calls, name)[order] for name in OriginRows.__slots__))
