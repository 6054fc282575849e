"""Fixed window: so many calls in each window of the clock."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.rate_limit import Limiter, RateLimit
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveCount, PositiveDuration


class _Window:
    __slots__ = ("_admitted", "_index", "_limit", "_offset_ns", "_per_ns")

    def __init__(self, limit: int, per_ns: int, offset_ns: int) -> None:
        self._limit = limit
        self._per_ns = per_ns
        self._offset_ns = offset_ns
        self._index = -1
        self._admitted = 0

    def wait_ns(self, at_ns: int) -> int:
        index, passed_ns = divmod(at_ns + self._offset_ns, self._per_ns)
        if index != self._index or self._admitted < self._limit:
            return 0
        return self._per_ns - passed_ns

    def take(self, at_ns: int, completes_at_ns: int) -> None:  # noqa: ARG002
        index = (at_ns + self._offset_ns) // self._per_ns
        if index != self._index:
            self._index, self._admitted = index, 0
        self._admitted += 1
        assert self._admitted <= self._limit, (
            "a window never admits more than its limit"
        )


class FixedWindow(RateLimit):
    """`limit` calls in each window of length `per`, from t = 0 or as `offset` says."""

    kind: Literal["fixed_window"] = "fixed_window"
    limit: PositiveCount
    """Calls admitted in a window."""
    per_ns: PositiveDuration
    """Length of a window."""
    offset_ns: Duration = default("0ms")
    """How far into a window t = 0 is: real windows begin with those of a wall clock."""

    @property
    @override
    def window_ns(self) -> int:
        return self.per_ns

    @override
    def limiter(self) -> Limiter:
        return _Window(self.limit, self.per_ns, self.offset_ns % self.per_ns)

    @override
    def allowance(self, until_ns: int) -> float | None:
        passed_ns = self.offset_ns % self.per_ns
        return self.limit * -(-(until_ns + passed_ns) // self.per_ns)
