"""Observed arrivals: the likelihood of a rate, from instants or from counts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Curve: TypeAlias = Callable[[Floats], Floats]

_MOST_INSTANTS: Final = 3_000
_MOST_CELLS: Final = 6_000
_LEAST_CELL_S: Final = 0.01
_FINE_S: Final = 0.05
_TINY: Final = 1e-300


@dataclass(frozen=True)
class ObservedArrivals:
    """Arrivals of a Poisson process, as a log shows them.

    Attributes:
        ends_s: How long they were observed, from t = 0 on.
        instants_s: Arrivals after the first, shape (n,), if few; else empty.
        edges_s: Edges of cells, shape (m + 1,), if arrivals are counted in cells.
        counts: Arrivals in each cell, shape (m,).
        stamp_s: How coarse the stamps of the log are; 0 if fine.
    """

    ends_s: float
    instants_s: Floats
    edges_s: Floats
    counts: NDArray[np.int64]
    stamp_s: float

    @classmethod
    def of(cls, at_s: Floats, stamp_s: float = 0.0) -> Self:
        """Return what is observed of instants in order, the first of them t = 0.

        A coarse stamp says that a request came within the time that begins with it.
        Edges are parameters of laws, so a cell may hold an edge.
        """
        n, last = len(at_s), float(at_s[-1])
        stamp_s = stamp_s if stamp_s > _FINE_S else 0.0
        ends_s = max(last + stamp_s if stamp_s else last * n / max(n - 1, 1), 1e-6)
        if not stamp_s and n <= _MOST_INSTANTS:
            empty = np.empty(0, dtype=np.int64)
            return cls(ends_s, at_s[1:], np.empty(0), empty, 0.0)
        width = (
            stamp_s * np.ceil(ends_s / stamp_s / _MOST_CELLS)
            if stamp_s
            else max(ends_s / _MOST_CELLS, min(_LEAST_CELL_S, ends_s / 100))
        )
        edges = np.arange(np.ceil(ends_s / width - 1e-9) + 1) * width
        if not stamp_s:
            edges[-1] = ends_s
        counts = np.histogram(at_s, bins=edges)[0].astype(np.int64)
        return cls(float(edges[-1]), np.empty(0), edges, counts, stamp_s)

    @property
    def events(self) -> int:
        """How many arrivals count."""
        return int(self.counts.sum()) if len(self.counts) else len(self.instants_s)

    def log_likelihood(self, rate: Curve, expected: Curve) -> float:
        """Return the log-likelihood of a Poisson process, up to a constant.

        Args:
            rate: Arrivals per second at instants.
            expected: Expected arrivals from t = 0 to instants.
        """
        if len(self.counts):
            means = np.maximum(np.diff(expected(self.edges_s)), _TINY)
            return float((self.counts * np.log(means) - means).sum())
        rates = np.maximum(rate(self.instants_s), _TINY)
        return float(np.log(rates).sum() - expected(np.array([self.ends_s]))[0])

    def in_bins(self, width_s: float) -> tuple[NDArray[np.int64], Floats]:
        """Return arrivals in bins of about a width, and the edges of the bins."""
        if not len(self.counts):
            bins = max(round(self.ends_s / width_s), 1)
            edges = np.linspace(0, self.ends_s, bins + 1)
            return np.histogram(self.instants_s, bins=edges)[0].astype(np.int64), edges
        cells = max(round(width_s * len(self.counts) / self.ends_s), 1)
        whole = max(len(self.counts) // cells, 1)
        cells = min(cells, len(self.counts))
        counts = self.counts[: whole * cells].reshape(whole, cells).sum(axis=1)
        return counts, self.edges_s[: whole * cells + 1 : cells]

    def around(self, from_s: float, until_s: float) -> tuple[float, float]:
        """Return how many arrived within a time, and how long it is.

        Of cells the time is longer: it reaches to the ends of those that it touches.
        """
        if not len(self.counts):
            first, last = np.searchsorted(self.instants_s, [from_s, until_s])
            return float(last - first), until_s - from_s
        first = max(int(np.searchsorted(self.edges_s, from_s, side="right")) - 1, 0)
        last = min(int(np.searchsorted(self.edges_s, until_s)), len(self.counts))
        lasts_s = float(self.edges_s[last] - self.edges_s[first])
        return float(self.counts[first:last].sum()), lasts_s
