"""Latency histogram: kept one by one up to ten million latencies, then in bins."""

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
        kept: Those that are kept one by one, in some arrays; the first is in order if
            a percentile was asked for.
        bins: How many there are in each bin; None as long as all are kept.
    """

    __slots__ = ("_exact", "_is_sorted", "bins", "count", "kept", "longest_ns")

    def __init__(self, exact: int = EXACT) -> None:
        self.count = 0
        self.longest_ns = 0
        self._exact = exact
        self._is_sorted = False
        self.kept: list[NDArray[np.int64]] = []
        self.bins: NDArray[np.int64] | None = None

    def add(self, latencies_ns: NDArray[np.int64]) -> None:
        """Add latencies in any order, shape (n,)."""
        if not len(latencies_ns):
            return
        self.count += len(latencies_ns)
        self.longest_ns = max(self.longest_ns, int(latencies_ns.max()))
        self.kept.append(latencies_ns)
        self._is_sorted = False
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
            return int(self._in_order()[rank - 1]) / NS_PER_S
        which = int(np.searchsorted(np.cumsum(self.bins), rank))
        return min(_middle_ns(which), float(self.longest_ns)) / NS_PER_S

    def _in_order(self) -> NDArray[np.int64]:
        """Return what is kept in ascending order: it is sorted once."""
        if not self._is_sorted:
            together = np.concatenate([np.empty(0, np.int64), *self.kept])
            together.sort()
            self.kept[:] = [together]
            self._is_sorted = True
        return self.kept[0]


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
