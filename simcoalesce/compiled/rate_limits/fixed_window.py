"""fixed_window, as `model.rate_limits.fixed_window` has it."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.rate_limit import LimiterRecord, LimitRecord
from simcoalesce.compiled.state import State
from simcoalesce.model.rate_limits.fixed_window import FixedWindow


class FixedWindowRecord(LimitRecord):
    """What the rule says."""

    limit: int
    per_ns: int
    passed: int
    """How far into a window the run begins."""


class FixedWindowLimiter(LimiterRecord):
    """The last window in which a call was admitted, and how many were."""

    window: int
    admitted: int


@inner
def wait_of(m: State, limit: FixedWindowRecord, limiter: FixedWindowLimiter) -> int:
    """Return 0 if the window admits a call, else how long it goes on."""
    passed = m.now + limit.passed
    if passed // limit.per_ns != limiter.window or limiter.admitted < limit.limit:
        return 0
    return limit.per_ns - passed % limit.per_ns


@inner
def take(m: State, limit: FixedWindowRecord, limiter: FixedWindowLimiter) -> None:
    """Count a call in its window."""
    window = (m.now + limit.passed) // limit.per_ns
    if window != limiter.window:
        limiter.window, limiter.admitted = window, 0
    limiter.admitted += 1


def fill(limit: FixedWindowRecord, said: FixedWindow) -> None:
    """Write what the rule's fields do not say under the same names."""
    limit.passed = said.offset_ns % said.per_ns
