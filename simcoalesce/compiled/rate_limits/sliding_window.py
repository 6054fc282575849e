"""sliding_window, as `model.rate_limits.sliding_window` has it."""

from simcoalesce.compiled.instant_queue import InstantQueue, join, let_leave
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.rate_limit import LimiterRecord, LimitRecord
from simcoalesce.compiled.state import State


class SlidingWindowRecord(LimitRecord):
    """What the rule says."""

    limit: int
    per_ns: int


class SlidingWindowLimiter(LimiterRecord):
    """When the admitted calls of the last chunk will be out of it."""

    ends: InstantQueue


@inner
def wait_of(m: State, limit: SlidingWindowRecord, limiter: SlidingWindowLimiter) -> int:
    """Return 0 if a call is admitted now, else how long until one is."""
    ends = limiter.ends
    if let_leave(m, ends) < limit.limit:
        return 0
    return ends.first.instant - m.now


@inner
def take(m: State, limit: SlidingWindowRecord, limiter: SlidingWindowLimiter) -> None:
    """Count a call."""
    join(m, limiter.ends, m.now + limit.per_ns)
