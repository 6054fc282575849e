"""Sliding window: so many calls in any chunk of a given length."""

from collections import deque
from typing import Literal

from typing_extensions import override

from simcoalesce.model.rate_limit import Limiter, RateLimit
from simcoalesce.units import PositiveCount, PositiveDuration


class _Log:
    """The instants of the last admitted calls."""

    __slots__ = ("_admitted_at_ns", "_limit", "_per_ns")

    def __init__(self, limit: int, per_ns: int) -> None:
        self._limit = limit
        self._per_ns = per_ns
        self._admitted_at_ns: deque[int] = deque(maxlen=limit)

    def wait_ns(self, at_ns: int) -> int:
        if len(self._admitted_at_ns) < self._limit:
            return 0
        return max(0, self._admitted_at_ns[0] + self._per_ns - at_ns)

    def take(self, at_ns: int, completes_at_ns: int) -> None:  # noqa: ARG002
        self._admitted_at_ns.append(at_ns)


class SlidingWindow(RateLimit):
    """At most `limit` calls in any half-open chunk of length `per`."""

    kind: Literal["sliding_window"] = "sliding_window"
    limit: PositiveCount
    """Calls admitted in a chunk."""
    per_ns: PositiveDuration
    """Length of the chunk."""

    @property
    @override
    def window_ns(self) -> int:
        return self.per_ns

    @override
    def limiter(self) -> Limiter:
        return _Log(self.limit, self.per_ns)

    @override
    def allowance(self, until_ns: int) -> float | None:
        return self.limit * -(-until_ns // self.per_ns)
