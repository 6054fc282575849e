"""leaky_bucket, as `model.rate_limits.leaky_bucket` has it."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.rate_limit import LimiterRecord, LimitRecord
from simcoalesce.compiled.state import State
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.model.rate_limits.leaky_bucket import LeakyBucket
from simcoalesce.units import NS_PER_S


class LeakyBucketRecord(LimitRecord):
    """What the rule says."""

    call: int
    """How long a call takes to leak out."""
    brim: int


class LeakyBucketLimiter(LimiterRecord):
    """A bucket: its level at an instant, in nanoseconds of leaking."""

    level: int
    seen_at: int


@inner
def wait_of(m: State, limit: LeakyBucketRecord, limiter: LeakyBucketLimiter) -> int:
    """Return 0 if one more call fits, else how long until it does."""
    return max(0, _level(m, limiter) + limit.call - limit.brim)


@inner
def take(m: State, limit: LeakyBucketRecord, limiter: LeakyBucketLimiter) -> None:
    """Let a call fill the bucket."""
    limiter.level = _level(m, limiter) + limit.call
    limiter.seen_at = m.now


@inner
def _level(m: State, limiter: LeakyBucketLimiter) -> int:
    return max(0, limiter.level - (m.now - limiter.seen_at))


def fill(limit: LeakyBucketRecord, said: LeakyBucket) -> None:
    """Write what the rule's fields do not say under the same names."""
    limit.call = round(NS_PER_S / said.leak_per_s)
    limit.brim = min(limit.call * said.bucket, NEVER_NS)
