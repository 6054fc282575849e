"""concurrency, as `model.rate_limits.concurrency` has it."""

from simcoalesce.compiled.instant_heap import InstantHeap, add, drop_past, least
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.rate_limit import LimiterRecord, LimitRecord
from simcoalesce.compiled.state import State


class ConcurrencyRecord(LimitRecord):
    """What the rule says."""

    limit: int


class ConcurrencyLimiter(LimiterRecord):
    """When the calls under way are complete."""

    under_way: InstantHeap


@inner
def wait_of(m: State, limit: ConcurrencyRecord, limiter: ConcurrencyLimiter) -> int:
    """Return 0 if one more call may be under way, else how long until it may."""
    under_way = limiter.under_way
    return 0 if drop_past(m, under_way) < limit.limit else least(under_way) - m.now


@inner
def take(m: State, limiter: ConcurrencyLimiter, completed: int) -> None:
    """Count a call until it is complete."""
    add(m, limiter.under_way, completed)
