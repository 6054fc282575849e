"""Admissions: which calls of an origin were admitted, which refused, and when."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.units import NS_PER_S

_SLACK_S: Final = 0.003
"""A call arrives a little after it was made, and a log rounds to milliseconds."""
_MOST_CALLS: Final = 20_000
"""More tell nothing new of a limit."""


@dataclass(frozen=True)
class Admissions:
    """The calls of an origin in their order, shape (calls,).

    Attributes:
        at_s: When each was made, in seconds from `from_ns` on.
        until_s: When each was answered.
        refused: Whether it was refused.
        from_ns: The instant that is 0.
    """

    at_s: NDArray[np.float64]
    until_s: NDArray[np.float64]
    refused: NDArray[np.bool_]
    from_ns: int

    @property
    def slack_s(self) -> float:
        """How wrong the order of two calls may be."""
        return _SLACK_S

    @property
    def span_s(self) -> float:
        """From the first call to the last."""
        return float(self.at_s[-1] - self.at_s[0]) if len(self.at_s) else 0.0

    @property
    def refusals(self) -> int:
        """How many were refused."""
        return int(self.refused.sum())

    @property
    def admitted_before(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """How many had been admitted when each was made, at the least and at the most.

        Of calls within the slack nobody knows which came first.
        """
        admitted = self.at_s[~self.refused]
        least = np.searchsorted(admitted, self.at_s - self.slack_s, side="right")
        most = np.searchsorted(admitted, self.at_s + self.slack_s, side="left")
        return least, most

    def among(self, chosen: NDArray[np.bool_]) -> "Admissions":
        """Return some of the calls."""
        parts = self.at_s[chosen], self.until_s[chosen], self.refused[chosen]
        return Admissions(*parts, self.from_ns)

    def contradictions_of(
        self, counted_least: NDArray[np.int64], counted_most: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return what contradicts each limit on a count, shape (largest + 1,).

        Args:
            counted_least: How many calls counted when each was made, at the least: an
                admitted one contradicts a limit that this reaches.
            counted_most: At the most: a refused one contradicts a limit above it.
        """
        largest = int(counted_most.max(initial=0)) + 1
        admitted = np.bincount(counted_least[~self.refused], minlength=largest + 1)
        refused = np.bincount(counted_most[self.refused], minlength=largest + 1)
        reaches = np.cumsum(admitted[::-1])[::-1]
        below = np.cumsum(refused) - refused
        total: NDArray[np.int64] = (reaches + below)[: largest + 1]
        return total


def admissions(events: CacheEvents) -> Admissions:
    """Return the calls in a log, those around its first refusals if they are many."""
    calls = np.flatnonzero(events.calls)
    calls = calls[np.argsort(events.call_at_ns[calls], kind="stable")]
    from_ns = int(events.start_ns.min(initial=2**62)) if len(calls) else 0
    refused = events.refused[calls]
    if len(calls) > _MOST_CALLS:
        first = int(np.argmax(refused)) if refused.any() else 0
        begin = max(0, min(first - _MOST_CALLS // 2, len(calls) - _MOST_CALLS))
        calls = calls[begin : begin + _MOST_CALLS]
        refused = events.refused[calls]
    return Admissions(
        (events.call_at_ns[calls] - from_ns) / NS_PER_S,
        (events.end_ns[calls] - from_ns) / NS_PER_S,
        refused,
        from_ns,
    )
