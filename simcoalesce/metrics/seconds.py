"""Seconds: errors and latencies by the second in which requests arrived."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import rank_of
from simcoalesce.units import NS_PER_S

MOST: Final = 8_192
"""More seconds than this are counted two by two, then four by four, and so on."""

# A latency is known to an eighth: by its octave from about a microsecond on, and by the
# three bits that come next. Those of more than 73 minutes are the longest.
LEAST_BIT: Final = 10
OCTAVES: Final = 32
LONGEST_NS: Final = (1 << (LEAST_BIT + OCTAVES)) - 1
_BINS: Final = OCTAVES * 8
WIDTH: Final = 1 + _BINS
"""Columns of a second: its errors, then its requests by their latency."""
DROPPED_BITS: Final = np.int64(49)
LEAST: Final = np.int64((1023 + LEAST_BIT) << 3)
"""What is left of the bits of the least latency that is told apart."""


class Seconds:
    """What happened to the requests of each second of arrivals.

    Memory grows with the length of the run up to `MOST` rows, and no further.

    Args:
        most: How many rows there may be.

    Attributes:
        width_ns: How long each row is: a second, or 2, 4, 8, ... in a long run.
        rows: Errors, and requests by latency; shape (rows, WIDTH).
    """

    __slots__ = ("_most", "rows", "width_ns")

    def __init__(self, most: int = MOST) -> None:
        self.width_ns = NS_PER_S
        self._most = most
        self.rows = np.zeros((1, WIDTH), dtype=np.int64)

    def reach(self, last_ns: int) -> None:
        """Make room for arrivals up to an instant."""
        while last_ns // self.width_ns >= self._most:
            self._widen()
        needed = last_ns // self.width_ns + 1
        if needed > len(self.rows):
            room = max(needed, min(2 * len(self.rows), self._most))
            rows = np.zeros((room, WIDTH), dtype=np.int64)
            rows[: len(self.rows)] = self.rows
            self.rows = rows

    def add(
        self,
        arrived_at_ns: NDArray[np.int64],
        latency_ns: NDArray[np.int64],
        is_error: NDArray[np.bool_],
    ) -> None:
        """Add requests, each array of shape (n,)."""
        if not len(arrived_at_ns):
            return
        self.reach(int(arrived_at_ns.max()))
        second = arrived_at_ns // self.width_ns
        np.add.at(self.rows, (second, 1 + _bin_of(latency_ns)), 1)
        np.add.at(self.rows[:, 0], second[is_error], 1)

    def absorb(self, other: "Seconds") -> None:
        """Add the requests of another."""
        while self.width_ns < other.width_ns:
            self._widen()
        while other.width_ns < self.width_ns:
            other._widen()  # noqa: SLF001 - of the same class
        self.reach(len(other.rows) * self.width_ns - 1)
        self.rows[: len(other.rows)] += other.rows

    def _widen(self) -> None:
        """Count by rows twice as long."""
        rows = self.rows
        if len(rows) % 2:
            rows = np.concatenate([rows, np.zeros((1, WIDTH), dtype=np.int64)])
        self.rows = rows[::2] + rows[1::2]
        self.width_ns *= 2

    def time_to_recover_ns(self) -> int | None:
        """Return how long it takes from the first error until all is as before.

        From the beginning of the first second in which a request got an error to the
        end of the last one that was not well, before the first that was well. A second
        is well if it comes after the last error and the 99th percentile of its
        latencies is what it was before the first error, to an eighth; if the run
        begins with errors, any latency is. Seconds without requests say nothing.

        Returns:
            0 without errors; None if no second of the run was well again.
        """
        bad = np.flatnonzero(self.rows[:, 0])
        if not len(bad):
            return 0
        first, last = int(bad[0]), int(bad[-1])
        usual = _percentile_99(self.rows[:first, 1:].sum(axis=0))
        behind = last + 1
        for second in range(behind, len(self.rows)):
            found = _percentile_99(self.rows[second, 1:])
            if found is None:
                continue
            if usual is None or found <= usual:
                return (behind - first) * self.width_ns
            behind = second + 1
        return None


def _percentile_99(requests: NDArray[np.int64]) -> int | None:
    """Return the bin of the 99th percentile; None of no requests."""
    count = int(requests.sum())
    if not count:
        return None
    return int(np.searchsorted(np.cumsum(requests), rank_of(99, count)))


def _bin_of(latency_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the bin of each latency."""
    within = np.clip(latency_ns, 1 << LEAST_BIT, LONGEST_NS)
    return (within.astype(np.float64).view(np.int64) >> DROPPED_BITS) - LEAST
