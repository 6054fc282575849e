"""token_bucket, as `model.rate_limits.token_bucket` has it."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.rate_limit import LimiterRecord, LimitRecord
from simcoalesce.compiled.state import State
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.model.rate_limits.token_bucket import TokenBucket
from simcoalesce.units import NS_PER_S


class TokenBucketRecord(LimitRecord):
    """What the rule says."""

    interval: int
    """How long until one more token is added."""
    depth: int


class TokenBucketLimiter(LimiterRecord):
    """A bucket: when it would be full."""

    full_at: int


@inner
def wait_of(m: State, limit: TokenBucketRecord, limiter: TokenBucketLimiter) -> int:
    """Return 0 if a token is there, else how long until one is."""
    lacking = max(limiter.full_at, m.now) + limit.interval - m.now
    return max(0, lacking - limit.depth)


@inner
def take(m: State, limit: TokenBucketRecord, limiter: TokenBucketLimiter) -> None:
    """Take a token."""
    limiter.full_at = max(limiter.full_at, m.now) + limit.interval


def fill(limit: TokenBucketRecord, said: TokenBucket) -> None:
    """Write what the rule's fields do not say under the same names."""
    limit.interval = round(NS_PER_S / said.rate_per_s)
    limit.depth = min(limit.interval * said.burst, NEVER_NS)
