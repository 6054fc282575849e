"""Leaky bucket as a meter: each call fills it, it leaks, it may not run over."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.rate_limit import Limiter, RateLimit
from simcoalesce.units import NS_PER_S, PositiveCount, Rate


class _Meter:
    """The level of the bucket, in nanoseconds of leaking."""

    __slots__ = ("_brim_ns", "_call_ns", "_level_ns", "_seen_at_ns")

    def __init__(self, call_ns: int, bucket: int) -> None:
        self._call_ns = call_ns
        self._brim_ns = call_ns * bucket
        self._level_ns = 0
        self._seen_at_ns = 0

    def _level(self, at_ns: int) -> int:
        return max(0, self._level_ns - (at_ns - self._seen_at_ns))

    def wait_ns(self, at_ns: int) -> int:
        return max(0, self._level(at_ns) + self._call_ns - self._brim_ns)

    def take(self, at_ns: int, completes_at_ns: int) -> None:  # noqa: ARG002
        self._level_ns = self._level(at_ns) + self._call_ns
        self._seen_at_ns = at_ns


class LeakyBucket(RateLimit):
    """A bucket that holds `bucket` calls and leaks `leak` of them per second.

    It admits what a token bucket of the same size and rate admits.
    """

    kind: Literal["leaky_bucket"] = "leaky_bucket"
    bucket: PositiveCount
    """Calls that fit."""
    leak_per_s: Rate
    """Calls that leak out per second."""

    @property
    @override
    def fills_in_ns(self) -> float:
        return self.bucket * NS_PER_S / self.leak_per_s

    @override
    def limiter(self) -> Limiter:
        return _Meter(round(NS_PER_S / self.leak_per_s), self.bucket)

    @override
    def allowance(self, until_ns: int) -> float | None:
        return self.bucket + int(self.leak_per_s * until_ns / NS_PER_S)
