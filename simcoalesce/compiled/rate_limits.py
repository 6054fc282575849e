"""Rate limits, as the members of `model.rate_limits` have them."""

from typing import Any

from simcoalesce.compiled.heap import drop_past, sift_up
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layout import NOW
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.model.rate_limits.concurrency import Concurrency
from simcoalesce.model.rate_limits.fixed_window import FixedWindow
from simcoalesce.model.rate_limits.leaky_bucket import LeakyBucket
from simcoalesce.model.rate_limits.sliding_window import SlidingWindow
from simcoalesce.model.rate_limits.token_bucket import TokenBucket
from simcoalesce.units import NS_PER_S

# A rate limit: its kind, two parameters, two numbers of state, and its slots.
LIMIT_KIND, FIRST, SECOND, STATE, SINCE, SLOTS = range(6)
LIMIT_WIDTH = 6
TOKEN_BUCKET, LEAKY_BUCKET, FIXED_WINDOW, SLIDING_WINDOW, CONCURRENCY = range(5)


@inner
def wait_of(m: Any, limit: int) -> int:
    """Return 0 if a limit admits a call, else how long until it does."""
    kind, first, second = m[limit + LIMIT_KIND], m[limit + FIRST], m[limit + SECOND]
    now, state, since = m[NOW], m[limit + STATE], m[limit + SINCE]
    if kind == TOKEN_BUCKET:
        return int(max(0, max(state, now) + first - now - second))
    if kind == LEAKY_BUCKET:
        return int(max(0, max(0, state - (now - since)) + first - second))
    if kind == FIXED_WINDOW:
        is_open = now // second != state or since < first
        return 0 if is_open else int(second - now % second)
    if kind == SLIDING_WINDOW:
        oldest = m[m[limit + SLOTS] + state]
        return 0 if since < first else int(max(0, oldest + second - now))
    m[limit + STATE] = drop_past(m, m[limit + SLOTS], state)
    return 0 if m[limit + STATE] < first else int(m[m[limit + SLOTS]] - now)


@inner
def take(m: Any, limit: int, completed: int) -> None:
    """Count an admitted call."""
    kind, first, second = m[limit + LIMIT_KIND], m[limit + FIRST], m[limit + SECOND]
    now, state, since = m[NOW], m[limit + STATE], m[limit + SINCE]
    if kind == TOKEN_BUCKET:
        m[limit + STATE] = max(state, now) + first
    elif kind == LEAKY_BUCKET:
        m[limit + STATE] = max(0, state - (now - since)) + first
        m[limit + SINCE] = now
    elif kind == FIXED_WINDOW:
        is_same = now // second == state
        m[limit + STATE], m[limit + SINCE] = now // second, since * is_same + 1
    elif kind == SLIDING_WINDOW:
        is_filling = since < first
        m[m[limit + SLOTS] + (since if is_filling else state)] = now
        m[limit + SINCE] = since + is_filling
        m[limit + STATE] = state if is_filling else (state + 1) % first
    else:
        sift_up(m, m[limit + SLOTS], state, completed)
        m[limit + STATE] = state + 1


def row_of(limit: RateLimit, parameters: Parameters) -> list[int]:
    """Return a limit as a row, at the start of a run.

    Raises:
        TypeError: If there is no kernel for it.
    """
    if isinstance(limit, TokenBucket):
        interval = round(NS_PER_S / limit.rate_per_s)
        return [TOKEN_BUCKET, interval, interval * limit.burst, 0, 0, 0]
    if isinstance(limit, LeakyBucket):
        call = round(NS_PER_S / limit.leak_per_s)
        return [LEAKY_BUCKET, call, call * limit.bucket, 0, 0, 0]
    if isinstance(limit, FixedWindow):
        return [FIXED_WINDOW, limit.limit, limit.per_ns, -1, 0, 0]
    if isinstance(limit, SlidingWindow):
        slots = parameters.reserve(limit.limit)
        return [SLIDING_WINDOW, limit.limit, limit.per_ns, 0, 0, slots]
    if isinstance(limit, Concurrency):
        return [CONCURRENCY, limit.limit, 0, 0, 0, parameters.reserve(limit.limit)]
    raise TypeError(f"rate limit {limit.kind} has no kernel")
