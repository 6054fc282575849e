"""Concurrency cap: so many calls under way at once."""

from heapq import heappop, heappush
from typing import Literal

from typing_extensions import override

from simcoalesce.model.rate_limit import Limiter, RateLimit
from simcoalesce.units import PositiveCount


class _Slots:
    __slots__ = ("_completes_at_ns", "_limit")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._completes_at_ns: list[int] = []

    def wait_ns(self, at_ns: int) -> int:
        under_way = self._completes_at_ns
        while under_way and under_way[0] <= at_ns:
            heappop(under_way)
        return 0 if len(under_way) < self._limit else under_way[0] - at_ns

    def take(self, at_ns: int, completes_at_ns: int) -> None:  # noqa: ARG002
        heappush(self._completes_at_ns, completes_at_ns)


class Concurrency(RateLimit):
    """At most `limit` admitted calls under way; a call that ends at t frees t."""

    kind: Literal["concurrency"] = "concurrency"
    limit: PositiveCount
    """Calls under way at once."""

    @override
    def limiter(self) -> Limiter:
        return _Slots(self.limit)

    @override
    def allowance(self, until_ns: int) -> float | None:
        return None
