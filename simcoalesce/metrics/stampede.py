"""Stampedes: the misses of one key at one location, window by window."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import NEVER, Lookup, Outcomes, RequestRows, chosen


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
        opened_by: The request that missed first.
    """

    key: NDArray[np.int64]
    location: NDArray[np.int64]
    opened_at_ns: NDArray[np.int64]
    closed_at_ns: NDArray[np.int64]
    size: NDArray[np.int64]
    opened_by: NDArray[np.int64]

    @property
    def is_closed(self) -> NDArray[np.bool_]:
        """Whether a cache served the key again before the run ended."""
        return np.not_equal(self.closed_at_ns, NEVER)

    @property
    def open_ns(self) -> NDArray[np.int64]:
        """How long each window was open; meaningless where it never closed."""
        return self.closed_at_ns - self.opened_at_ns


class MissWindows:
    """The miss windows of a run, found chunk by chunk.

    Attributes:
        open: The windows that are open now, by location and key: misses so far, when
            it opened, the request that opened it; shape (locations * keys, 3). No
            misses is no window.
    """

    __slots__ = ("_keys", "open")

    def __init__(self, *, keys: int, locations: int) -> None:
        self._keys = keys
        self.open = np.zeros((keys * locations, 3), dtype=np.int64)

    def add(self, rows: RequestRows) -> Stampedes:
        """Take the next requests; return the windows that they closed.

        Those that bypass all caches neither miss nor find anything.
        """
        asked = rows.lookup != int(Lookup.BYPASS)
        rows = rows if asked.all() else chosen(rows, asked)
        group = rows.location * self._keys + rows.key
        order = _stable_order(group, below=len(self.open))
        group = group[order]
        starts = np.ones(len(order), dtype=np.bool_)
        starts[1:] = group[1:] != group[:-1]
        is_miss = rows.lookup[order] == int(Lookup.MISS)
        goes_on = starts & (self.open[group, 0] > 0)
        follows_miss = goes_on.copy()
        follows_miss[1:] |= is_miss[:-1] & ~starts[1:]
        first = np.flatnonzero(goes_on | (is_miss & ~follows_miss))
        behind = np.flatnonzero(follows_miss & ~is_miss)
        # A row behind a window belongs to the last window that began before it.
        closed = np.searchsorted(first, behind, side="right") - 1
        windows = self._windows(rows, order[first], goes_on[first])
        if len(first):
            windows[:, 0] += np.add.reduceat(is_miss, first, dtype=np.int64)
        self.open[group[first]] = 0
        still = np.ones(len(first), dtype=np.bool_)
        still[closed] = False
        self.open[group[first[still]]] = windows[still]
        closed_at_ns = rows.arrived_at_ns[order[behind]]
        return self._stampedes(group[first[closed]], windows[closed], closed_at_ns)

    def _windows(
        self, rows: RequestRows, at: NDArray[np.intp], goes_on: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Return the windows that begin or go on at some rows, before their misses."""
        opened = np.stack(
            [np.zeros_like(rows.key[at]), rows.arrived_at_ns[at], rows.request[at]], 1
        )
        group = rows.location[at] * self._keys + rows.key[at]
        return np.where(goes_on[:, np.newaxis], self.open[group], opened)

    def never_closed(self) -> Stampedes:
        """Return the windows that are still open."""
        group = np.flatnonzero(self.open[:, 0])
        never = np.full(len(group), NEVER, dtype=np.int64)
        return self._stampedes(group, self.open[group], never)

    def _stampedes(
        self,
        group: NDArray[np.intp] | NDArray[np.int64],
        windows: NDArray[np.int64],
        closed_at_ns: NDArray[np.int64],
    ) -> Stampedes:
        size, opened_at_ns, opened_by = windows.T
        location, key = np.divmod(group, self._keys)
        return Stampedes(key, location, opened_at_ns, closed_at_ns, size, opened_by)


def stampedes(outcomes: Outcomes) -> Stampedes:
    """Return the miss windows of a run: when they opened and closed, and their sizes.

    A window opens at the first miss of a key at a location and closes at the next
    request of that key there that a cache serves. Under Poisson arrivals of rate λ and
    a constant window W, its mean size is 1 + λW.

    A stale answer closes a window as a cache hit does: where it is served, nothing is
    missed. Who missed and asked again belongs to it, and does not close it.

    Source:
        docs/theory.md F1; Vattani, Chierichetti, Lowenstein, PVLDB 8(8), 2015.
    """
    windows = MissWindows(keys=len(outcomes.keys), locations=len(outcomes.locations))
    rows, missed = outcomes.request_rows, outcomes.missed
    lookup = np.where(missed, int(Lookup.MISS), rows.lookup)
    closed = windows.add(replace(rows, lookup=lookup))
    never = windows.never_closed()
    order = np.argsort(np.append(closed.opened_by, never.opened_by))
    return Stampedes(
        *(
            np.append(getattr(closed, name), getattr(never, name))[order]
            for name in Stampedes.__slots__
        )
    )


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
