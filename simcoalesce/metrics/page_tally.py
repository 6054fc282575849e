"""Pages: how long visits of several requests take, and how many fail."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency_histogram import LatencyHistogram
from simcoalesce.outcomes import RequestRows

# The columns of a request that is part of a page.
_BEGINS: Final = 0
_SIZE: Final = 1
_ARRIVED: Final = 2
_COMPLETED: Final = 3
_FAILED: Final = 4
_COLUMNS: Final = 5


class PageTally:
    """The pages of one run so far, counted as their last requests are.

    A page is counted if all of its requests are. What is kept grows with the pages that
    are under way, and with the latencies.

    Attributes:
        is_asked: Whether anybody asks for pages.
        latencies: From the first request to the last answer, whatever that is.
        failed: How many pages have an error among their answers.
    """

    __slots__ = ("_arrived", "_first", "_open", "failed", "is_asked", "latencies")

    def __init__(self) -> None:
        self.is_asked = False
        self.latencies = LatencyHistogram()
        self.failed = 0
        self._arrived: list[NDArray[np.int64]] = []
        self._first = 0
        self._open = np.empty((0, _COLUMNS), dtype=np.int64)

    def arrive(self, page: NDArray[np.int64] | None) -> None:
        """Take note of the next requests that arrive, with `Requests.page`."""
        if page is not None:
            self.is_asked = True
            self._arrived.append(page)

    def add(self, rows: RequestRows) -> None:
        """Count more requests in order of arrival; all have arrived before."""
        if not self.is_asked or not len(rows.request):
            return
        page = self._taken(rows.request)
        columns = (rows.arrived_at_ns, rows.completed_at_ns, ~rows.answered)
        table = np.column_stack([page, *columns])
        self._count(np.concatenate([self._open, table[page[:, 1] > 0]]))

    def _taken(self, requests: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the pages of some requests; those before them are not asked for."""
        arrived = np.concatenate(self._arrived)
        begin, end = self._first, int(requests[-1]) + 1
        self._arrived, self._first = [arrived[end - begin :]], end
        return arrived[requests - begin]

    def _count(self, table: NDArray[np.int64]) -> None:
        if not len(table):
            return
        table = table[np.argsort(table[:, _BEGINS], kind="stable")]
        starts = np.flatnonzero(np.diff(table[:, _BEGINS], prepend=-1))
        counts = np.diff(np.append(starts, len(table)))
        is_whole = counts == table[starts, _SIZE]
        began_ns = np.minimum.reduceat(table[:, _ARRIVED], starts)
        ended_ns = np.maximum.reduceat(table[:, _COMPLETED], starts)
        has_failed = np.maximum.reduceat(table[:, _FAILED], starts) > 0
        self.latencies.add((ended_ns - began_ns)[is_whole])
        self.failed += int(np.count_nonzero(is_whole & has_failed))
        self._open = table[np.repeat(~is_whole, counts)]
