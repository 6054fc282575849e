"""Token bucket: a sustained rate, and a burst on top."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.rate_limit import Limiter, RateLimit
from simcoalesce.units import NS_PER_S, PositiveCount, Rate


class _Bucket:
    """The bucket as the instant at which it would be full (GCRA): integers only."""

    __slots__ = ("_depth_ns", "_full_at_ns", "_interval_ns")

    def __init__(self, interval_ns: int, burst: int) -> None:
        self._interval_ns = interval_ns
        self._depth_ns = interval_ns * burst
        self._full_at_ns = 0

    def wait_ns(self, at_ns: int) -> int:
        lacking = max(self._full_at_ns, at_ns) + self._interval_ns - at_ns
        return max(0, lacking - self._depth_ns)

    def take(self, at_ns: int, completes_at_ns: int) -> None:  # noqa: ARG002
        self._full_at_ns = max(self._full_at_ns, at_ns) + self._interval_ns
        assert self._full_at_ns - at_ns <= self._depth_ns, "tokens lie in [0, burst]"


class TokenBucket(RateLimit):
    """A bucket of `burst` tokens, full at the start, refilled at `rate`.

    Between refills it admits at most burst + rate * t calls in any time t.
    """

    kind: Literal["token_bucket"] = "token_bucket"
    rate_per_s: Rate
    """Tokens added per second."""
    burst: PositiveCount
    """Tokens that fit."""

    @property
    @override
    def fills_in_ns(self) -> float:
        return self.burst * NS_PER_S / self.rate_per_s

    @override
    def limiter(self) -> Limiter:
        return _Bucket(round(NS_PER_S / self.rate_per_s), self.burst)

    @override
    def allowance(self, until_ns: int) -> float | None:
        return self.burst + int(self.rate_per_s * until_ns / NS_PER_S)
