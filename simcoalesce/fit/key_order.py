"""Some events in the order of their keys and instants: the last before, the next."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_STEP_NS: Final = 1_000
"""Instants are compared in microseconds: millions of keys and weeks fit in 63 bits."""


class KeyOrder:
    """Events of a log, by key and then by instant."""

    def __init__(
        self,
        key: NDArray[np.int64],
        chosen: NDArray[np.int64],
        at_ns: NDArray[np.int64],
    ) -> None:
        """Sort events.

        Args:
            key: Code of the key of each request, shape (requests,).
            chosen: Numbers of the requests whose events these are.
            at_ns: When the event of each request is, shape (requests,).
        """
        order = np.lexsort((at_ns[chosen], key[chosen]))
        self._who = chosen[order]
        self._key = key
        self._from_ns = int(at_ns.min()) if len(at_ns) else 0
        last_ns = int(at_ns.max()) if len(at_ns) else 0
        self._span = (last_ns - self._from_ns) // _STEP_NS + 1
        self._sorted = self._joined(key[self._who], at_ns[self._who])

    def _joined(
        self, key: NDArray[np.int64], at_ns: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        within = np.clip((at_ns - self._from_ns) // _STEP_NS, -1, self._span)
        joined: NDArray[np.int64] = (key + 1) * (self._span + 2) + within
        return joined

    def latest(self, at_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return whose event of its key was the last up to an instant; -1: nobody's.

        Args:
            at_ns: One instant for each request of the log, shape (requests,).
        """
        found = np.searchsorted(self._sorted, self._joined(self._key, at_ns), "right")
        return self._same_key(found - 1)

    def next(self, at_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return whose event of its key is the first after an instant; -1: nobody's."""
        found = np.searchsorted(self._sorted, self._joined(self._key, at_ns), "right")
        return self._same_key(found)

    def count(
        self, from_ns: NDArray[np.int64], until_ns: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return how many events of its key are after one instant, up to another."""
        until = np.searchsorted(
            self._sorted, self._joined(self._key, until_ns), "right"
        )
        before = np.searchsorted(
            self._sorted, self._joined(self._key, from_ns), "right"
        )
        counts: NDArray[np.int64] = np.maximum(until - before, 0)
        return counts

    def latest_end(
        self, end_ns: NDArray[np.int64], at_ns: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return the last end of the events of its key up to an instant; -1: no event.

        Args:
            end_ns: When the event of each request ends.
            at_ns: One instant for each request.
        """
        found = np.searchsorted(self._sorted, self._joined(self._key, at_ns), "right")
        who = self._same_key(found - 1)
        if not len(self._who):
            return who
        ends = (end_ns - end_ns.min()) // _STEP_NS
        width = int(ends.max()) + 1
        # Keys ascend, so a running maximum of all is one of each key.
        running = np.maximum.accumulate(self._key[self._who] * width + ends[self._who])
        latest = (running[found - 1] - self._key * width) * _STEP_NS + end_ns.min()
        return np.where(who >= 0, latest, -1)

    def _same_key(self, found: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(self._who):
            return np.full(len(found), -1, dtype=np.int64)
        inside = (found >= 0) & (found < len(self._who))
        who = self._who[np.where(inside, found, 0)]
        return np.where(inside & (self._key[who] == self._key), who, -1)
