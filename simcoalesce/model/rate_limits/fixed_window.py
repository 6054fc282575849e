"""Fixed window: so many calls in each window of the clock."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.rate_limit import Limiter, RateLimit
from simcoalesce.units import PositiveCount, PositiveDuration


class _Window:
    __slots__ = ("_admitted", "_index", "_limit", "_per_ns")

    def __init__(self, limit: int, per_ns: int) -> None:
        self._limit = limit
        self._per_ns = per_ns
        self._index = -1
        self._admitted = 0

    def wait_ns(self, at_ns: int) -> int:
        if at_ns // self._per_ns != self._index or self._admitted < self._limit:
            return 0
        return self._per_ns - at_ns % self._per_ns

    def take(self, at_ns: int, completes_at_ns: int) -> None:  # noqa: ARG002
        index = at_ns // self._per_ns
        if index != self._index:
            self._index, self._admitted = index, 0
        self._admitted += 1
        assert self._admitted <= self._limit, (
            "a window never admits more than its limit"
        )


class FixedWindow(RateLimit):
    """`limit` calls in each window of length `per`; windows begin at t = 0."""

    kind: Literal["fixed_window"] = "fixed_window"
    limit: PositiveCount
    """Calls admitted in a window."""
    per_ns: PositiveDuration
    """Length of a window."""

    @property
    @override
    def window_ns(self) -> int:
        return self.per_ns

    @override
    def limiter(self) -> Limiter:
        return _Window(self.limit, self.per_ns)

    @override
    def allowance(self, until_ns: int) -> float | None:
        return self.limit * -(-until_ns // self.per_ns)
