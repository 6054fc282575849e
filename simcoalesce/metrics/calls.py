"""Calls: what the origin received, counted in the order in which it came."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import NEVER, OriginRows
from simcoalesce.units import NS_PER_S

_NONE: Final = np.empty(0, dtype=np.int64)


class Peak:
    """The most calls in any half-open window of some length.

    The window slides, exactly: the calls of the last window are remembered.

    Args:
        window_ns: Length of the window.

    Attributes:
        most: The most calls in one window so far.
    """

    def __init__(self, window_ns: int) -> None:
        self.most = 0
        self._window_ns = window_ns
        self._latest_ns = _NONE

    def add(self, called: NDArray[np.int64]) -> None:
        """Add calls in ascending order, at least one, that come after all others."""
        within = np.concatenate([self._latest_ns, called])
        gone = np.searchsorted(within, called - self._window_ns, side="right")
        came = np.arange(len(self._latest_ns), len(within)) + 1
        self.most = max(self.most, int(np.max(came - gone)))
        self._latest_ns = within[gone[-1] :]


class Calls:
    """The calls of the origin so far.

    Args:
        window_ns: Length of the window of the origin's limit; 0 if it has none.

    Attributes:
        window_ns: Length of the window of the origin's limit; 0 if it has none.
        count: How many calls the origin received.
        rejected: How many of them it refused with 429.
        failed: How many it accepted and answered with another error.
        first_rejected_at_ns: When it refused first; NEVER if it did not.
        peak_concurrency: The most calls that were open at one instant.
        per_s: The most calls within a half-open window of one second.
        per_window: The most calls within one of the limit; None without such a limit.
    """

    def __init__(self, window_ns: int = 0) -> None:
        self.count = self.rejected = self.failed = 0
        self.first_rejected_at_ns = NEVER
        self.peak_concurrency = 0
        self.window_ns = window_ns
        self.per_s = Peak(NS_PER_S)
        self.per_window = Peak(window_ns) if window_ns else None
        self._open_until_ns = _NONE
        """When the calls that are open now will end."""

    def add(self, rows: OriginRows) -> None:
        """Add calls that come after all that were added before."""
        if not len(rows.status):
            return
        rejected = rows.status == 429
        self.count += len(rejected)
        if self.first_rejected_at_ns == NEVER and rejected.any():
            self.first_rejected_at_ns = int(rows.called_at_ns[rejected.argmax()])
        self.rejected += int(np.count_nonzero(rejected))
        self.failed += int(np.count_nonzero((rows.status >= 400) & ~rejected))
        self.per_s.add(rows.called_at_ns)
        if self.per_window is not None:
            self.per_window.add(rows.called_at_ns)
        self._add_to_concurrency(rows.called_at_ns, rows.completed_at_ns)

    def _add_to_concurrency(
        self, called: NDArray[np.int64], completed: NDArray[np.int64]
    ) -> None:
        # A call that ends when it begins is never open beside another.
        lasts = completed > called
        last_ns = called[-1]
        called, completed = called[lasts], completed[lasts]
        ends = np.sort(np.concatenate([self._open_until_ns, completed]))
        if len(called):
            ended = np.searchsorted(ends, called, side="right")
            began = np.arange(len(self._open_until_ns) + 1, len(ends) + 1)
            self.peak_concurrency = max(
                self.peak_concurrency, int(np.max(began - ended))
            )
        self._open_until_ns = ends[np.searchsorted(ends, last_ns, side="right") :]


def busiest_second(instants_ns: NDArray[np.int64]) -> int:
    """Return how many instants the busiest half-open window of one second holds.

    The window slides: bins on whole seconds would cut a burst in two.

    Args:
        instants_ns: Instants in ascending order, shape (n,).
    """
    second = Peak(NS_PER_S)
    if len(instants_ns):
        second.add(instants_ns)
    return second.most
