"""Stampedes: the misses of one key at one location, window by window."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import NEVER, Lookup, Outcomes
from simcoalesce.units import NS_PER_S


@dataclass(frozen=True, slots=True)
class Stampedes:
    """Miss windows in the order in which they opened; arrays of shape (windows,).

    Attributes:
        key: Index of the key.
        location: Index of the location.
        opened_at_ns: Arrival of the first miss.
        closed_at_ns: Arrival of the first request after it that a cache served; NEVER
            if the run ended before.
        size: Misses in the window. One miss alone is a window but not a stampede.
    """

    key: NDArray[np.int64]
    location: NDArray[np.int64]
    opened_at_ns: NDArray[np.int64]
    closed_at_ns: NDArray[np.int64]
    size: NDArray[np.int64]

    @property
    def is_closed(self) -> NDArray[np.bool_]:
        """Whether a cache served the key again before the run ended."""
        return np.not_equal(self.closed_at_ns, NEVER)

    @property
    def open_ns(self) -> NDArray[np.int64]:
        """How long each window was open; meaningless where it never closed."""
        return self.closed_at_ns - self.opened_at_ns

    @property
    def opened_at_s(self) -> NDArray[np.float64]:
        """Arrival of the first miss, in seconds."""
        return self.opened_at_ns / NS_PER_S

    @property
    def closed_at_s(self) -> NDArray[np.float64]:
        """End of each window, in seconds; nan where it never closed."""
        return np.where(self.is_closed, self.closed_at_ns / NS_PER_S, np.nan)


def stampedes(outcomes: Outcomes) -> Stampedes:
    """Return the miss windows of a run: when they opened and closed, and their sizes.

    A window opens at the first miss of a key at a location and closes at the next
    request of that key there that a cache serves. Under Poisson arrivals of rate λ and
    a constant window W, its mean size is 1 + λW.

    A stale answer closes a window as a cache hit does: where it is served, nothing is
    missed.

    Source:
        docs/theory.md F1; Vattani, Chierichetti, Lowenstein, PVLDB 8(8), 2015.
    """
    rows = outcomes.request_rows
    order, starts_group = _grouped(outcomes)
    is_miss = rows.lookup[order] == int(Lookup.MISS)
    follows_miss = np.zeros(len(order), dtype=np.bool_)
    follows_miss[1:] = is_miss[:-1] & ~starts_group[1:]
    first = np.flatnonzero(is_miss & ~follows_miss)
    behind = np.flatnonzero(follows_miss & ~is_miss)
    closed_at_ns = np.full(len(first), NEVER, dtype=np.int64)
    # A row behind a window belongs to the last window that opened before it.
    closed = np.searchsorted(first, behind) - 1
    closed_at_ns[closed] = rows.arrived_at_ns[order[behind]]
    size = np.add.reduceat(is_miss, first, dtype=np.int64) if len(first) else first
    by_opening = np.argsort(order[first], kind="stable")
    opened = order[first][by_opening]
    return Stampedes(
        key=rows.key[opened],
        location=rows.location[opened],
        opened_at_ns=rows.arrived_at_ns[opened],
        closed_at_ns=closed_at_ns[by_opening],
        size=size[by_opening].astype(np.int64),
    )


def _grouped(outcomes: Outcomes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the rows' order by (location, key), and which row starts a group."""
    rows = outcomes.request_rows
    group = rows.location * len(outcomes.keys) + rows.key
    order = _stable_order(group, below=len(outcomes.keys) * len(outcomes.locations))
    grouped = group[order]
    starts = np.ones(len(order), dtype=np.bool_)
    starts[1:] = grouped[1:] != grouped[:-1]
    return order, starts


def _stable_order(codes: NDArray[np.int64], *, below: int) -> NDArray[np.int64]:
    """Return the stable order of codes in [0, below), digit by digit.

    NumPy sorts 16-bit integers by radix, five times as fast as it merges 64-bit ones.
    """
    order = np.arange(len(codes))
    shift = 0
    while (below - 1) >> shift > 0:
        digit = ((codes >> shift) & 0xFFFF).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
        shift += 16
    return order
