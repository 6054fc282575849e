"""Latency histogram: kept one by one up to ten million latencies, then in bins."""

from bisect import bisect, insort
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import fewest_for, rank_of
from simcoalesce.units import NS_PER_S

EXACT: Final = 10_000_000
"""Up to so many latencies, percentiles are exact."""

# The leading bits of a float are its exponent and its mantissa: of the mantissa we keep
# ten bits, so a bin is at most 2^-10 of its lower end wide.
DROPPED_BITS: Final = np.int64(42)
_MANTISSAS: Final = 1 << 10
BEFORE_FIRST: Final = np.int64((1023 << 10) - 1)
"""What is left of the bits of 1 ns, which is in the first bin, is one more."""
BINS: Final = 1 + 63 * _MANTISSAS

_LOOKED_AT: Final = 1_000
"""So many latencies say whether many are equal."""
_FEW: Final = 20
"""Of them, fewer equal ones than this are few."""


class LatencyHistogram:
    """Latencies whose percentiles are asked for.

    Up to `EXACT` of them a percentile is one of the latencies. Beyond, they are
    counted in bins of equal relative width and a percentile is off by at most 0.05 %;
    memory no longer grows.

    Args:
        exact: How many latencies to keep one by one.

    Attributes:
        count: How many there are.
        longest_ns: The longest of them.
        kept: Those that are kept one by one, in some arrays.
        bins: How many there are in each bin; None as long as all are kept.
    """

    __slots__ = ("_divided", "_exact", "bins", "count", "kept", "longest_ns")

    def __init__(self, exact: int = EXACT) -> None:
        self.count = 0
        self.longest_ns = 0
        self._exact = exact
        self._divided: _Divided | None = None
        self.kept: list[NDArray[np.int64]] = []
        self.bins: NDArray[np.int64] | None = None

    def add(self, latencies_ns: NDArray[np.int64]) -> None:
        """Add latencies in any order, shape (n,)."""
        if not len(latencies_ns):
            return
        self.count += len(latencies_ns)
        self.longest_ns = max(self.longest_ns, int(latencies_ns.max()))
        self.kept.append(latencies_ns)
        self._divided = None
        if self.bins is not None or self.count > self._exact:
            self._bin()

    def add_bins(self, counts: NDArray[np.int64], longest_ns: int) -> None:
        """Add latencies that were counted by their bins, shape (BINS,)."""
        self.count += int(counts.sum())
        self.longest_ns = max(self.longest_ns, longest_ns)
        self._bin()[:] += counts

    def absorb(self, other: "LatencyHistogram") -> None:
        """Add all latencies of another, which is used up."""
        for latencies_ns in other.kept:
            self.add(latencies_ns)
        if other.bins is not None:
            self.add_bins(other.bins, other.longest_ns)

    def _bin(self) -> NDArray[np.int64]:
        """Put what is kept one by one into bins; return them."""
        if self.bins is None:
            self.bins = np.zeros(BINS, dtype=np.int64)
        for latencies_ns in self.kept:
            self.bins += np.bincount(_bin_of(latencies_ns), minlength=BINS)
        self.kept.clear()
        return self.bins

    @property
    def longest_s(self) -> float | None:
        """The longest of them; None if there is none."""
        return self.longest_ns / NS_PER_S if self.count else None

    def percentile_s(self, percent: float) -> float | None:
        """Return a percentile, as `latency.percentile_s` defines it."""
        if self.count < fewest_for(percent):
            return None
        rank = rank_of(percent, self.count)
        if self.bins is None:
            return self._kept_of(rank) / NS_PER_S
        which = int(np.searchsorted(np.cumsum(self.bins), rank))
        return min(_middle_ns(which), float(self.longest_ns)) / NS_PER_S

    def _kept_of(self, rank: int) -> int:
        """Return the latency of a rank, from 1 on, if all are kept."""
        if self._divided is None:
            self._divided = _Divided(np.concatenate(self.kept))
            self.kept[:] = [self._divided.latencies_ns]
        return self._divided.of(rank - 1)


class _Divided:
    """Latencies as far in order as ranks were asked for.

    Before one that has its rank none is larger, and behind it none is smaller, so the
    next rank is looked for between two others. Where many are equal, to sort all of
    them is quick, and to divide them is not.

    Args:
        latencies_ns: The latencies, which are moved.
    """

    def __init__(self, latencies_ns: NDArray[np.int64]) -> None:
        self.latencies_ns = latencies_ns
        self._ranks = [-1, len(latencies_ns)]
        looked_at = latencies_ns[:: max(len(latencies_ns) // _LOOKED_AT, 1)]
        self._is_sorted = len(np.unique(looked_at)) < _LOOKED_AT - _FEW
        if self._is_sorted:
            latencies_ns.sort()

    def of(self, rank: int) -> int:
        """Return the latency of a rank, from 0 on."""
        which = bisect(self._ranks, rank)
        first, last = self._ranks[which - 1] + 1, self._ranks[which]
        if first <= rank and not self._is_sorted:
            self.latencies_ns[first:last].partition(rank - first)
            insort(self._ranks, rank)
        return int(self.latencies_ns[rank])


def _bin_of(latencies_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the bin of each latency: 0 for none, else by its leading bits."""
    pattern = latencies_ns.astype(np.float64).view(np.int64)
    pattern >>= DROPPED_BITS
    pattern -= BEFORE_FIRST
    return np.maximum(pattern, 0, out=pattern)


def _middle_ns(which: int) -> float:
    """Return the middle of a bin, in nanoseconds."""
    if which == 0:
        return 0.0
    exponent, mantissa = divmod(which - 1, _MANTISSAS)
    return float((1 << exponent) * (1 + (mantissa + 0.5) / _MANTISSAS))
