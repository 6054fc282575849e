"""Rate limits, as the members of `model.rate_limits` have them."""

from collections.abc import Sequence

import numpy as np

from simcoalesce.compiled.heap import drop_past, sift_up
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.layout import NOBODY, NOW
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.model.rate_limits.concurrency import Concurrency
from simcoalesce.model.rate_limits.fixed_window import FixedWindow
from simcoalesce.model.rate_limits.leaky_bucket import LeakyBucket
from simcoalesce.model.rate_limits.sliding_window import SlidingWindow
from simcoalesce.model.rate_limits.token_bucket import TokenBucket
from simcoalesce.units import NS_PER_S

# A rate limit: its kind, two parameters, a table of the limiters that count each key
# (or nobody: one counts all), its limiters: two numbers of state, and its slots; and
# how far into a window the run begins.
LIMIT_KIND, FIRST, SECOND, PARTS, LIMITERS, OFFSET = range(6)
LIMIT_WIDTH = 6
STATE, SINCE, SLOTS = range(3)
LIMITER_WIDTH = 3
TOKEN_BUCKET, LEAKY_BUCKET, FIXED_WINDOW, SLIDING_WINDOW, CONCURRENCY = range(5)


@inner
def _limiter(m: Numbers, limit: int, key: int) -> int:
    """Return the limiter that counts the calls for a key."""
    parts = m[limit + PARTS]
    part = 0 if parts == NOBODY else m[parts + key]
    return int(m[limit + LIMITERS] + part * LIMITER_WIDTH)


@inner
def wait_of(m: Numbers, limit: int, key: int) -> int:
    """Return 0 if a limit admits a call for a key, else how long until it does."""
    kind, first, second = m[limit + LIMIT_KIND], m[limit + FIRST], m[limit + SECOND]
    own = _limiter(m, limit, key)
    now, state, since = m[NOW], m[own + STATE], m[own + SINCE]
    if kind == TOKEN_BUCKET:
        return int(max(0, max(state, now) + first - now - second))
    if kind == LEAKY_BUCKET:
        return int(max(0, max(0, state - (now - since)) + first - second))
    if kind == FIXED_WINDOW:
        passed = now + m[limit + OFFSET]
        is_open = passed // second != state or since < first
        return 0 if is_open else int(second - passed % second)
    if kind == SLIDING_WINDOW:
        oldest = m[m[own + SLOTS] + state]
        return 0 if since < first else int(max(0, oldest + second - now))
    m[own + STATE] = drop_past(m, m[own + SLOTS], state)
    return 0 if m[own + STATE] < first else int(m[m[own + SLOTS]] - now)


@inner
def take(m: Numbers, limit: int, key: int, completed: int) -> None:
    """Count an admitted call for a key."""
    kind, first, second = m[limit + LIMIT_KIND], m[limit + FIRST], m[limit + SECOND]
    own = _limiter(m, limit, key)
    now, state, since = m[NOW], m[own + STATE], m[own + SINCE]
    if kind == TOKEN_BUCKET:
        m[own + STATE] = max(state, now) + first
    elif kind == LEAKY_BUCKET:
        m[own + STATE] = max(0, state - (now - since)) + first
        m[own + SINCE] = now
    elif kind == FIXED_WINDOW:
        window = (now + m[limit + OFFSET]) // second
        m[own + STATE], m[own + SINCE] = window, since * (window == state) + 1
    elif kind == SLIDING_WINDOW:
        is_filling = since < first
        m[m[own + SLOTS] + (since if is_filling else state)] = now
        m[own + SINCE] = since + is_filling
        m[own + STATE] = state if is_filling else (state + 1) % first
    else:
        sift_up(m, m[own + SLOTS], state, completed)
        m[own + STATE] = state + 1


def row_of(limit: RateLimit, keys: Sequence[str], parameters: Parameters) -> list[int]:
    """Return a limit as a row, at the start of a run.

    Raises:
        TypeError: If there is no kernel for it.
    """
    kind, first, second = _rule(limit)
    parts = limit.parts(keys)
    count = 1 if parts is None else int(parts.max(initial=0)) + 1
    limiters = np.zeros((count, LIMITER_WIDTH), dtype=np.int64)
    # No window is open before the first call.
    limiters[:, STATE] = -1 if kind == FIXED_WINDOW else 0
    slots = parameters.reserve(count * limit.remembers)
    limiters[:, SLOTS] = slots + np.arange(count) * limit.remembers
    table = NOBODY if parts is None else parameters.write(parts)
    offset = limit.offset_ns % limit.per_ns if isinstance(limit, FixedWindow) else 0
    return [kind, first, second, table, parameters.write(limiters.ravel()), offset]


def _rule(limit: RateLimit) -> tuple[int, int, int]:
    """Return the kind of a limit, and its parameters."""
    if isinstance(limit, TokenBucket):
        interval = round(NS_PER_S / limit.rate_per_s)
        return TOKEN_BUCKET, interval, interval * limit.burst
    if isinstance(limit, LeakyBucket):
        call = round(NS_PER_S / limit.leak_per_s)
        return LEAKY_BUCKET, call, call * limit.bucket
    if isinstance(limit, FixedWindow):
        return FIXED_WINDOW, limit.limit, limit.per_ns
    if isinstance(limit, SlidingWindow):
        return SLIDING_WINDOW, limit.limit, limit.per_ns
    if isinstance(limit, Concurrency):
        return CONCURRENCY, limit.limit, 0
    raise TypeError(f"rate limit {limit.kind} has no kernel")
