"""Rate limits, as `model.rate_limit` has them; each file of `rate_limits` is a kind.

A file has `wait_of` and `take`, which ask for what the rule says (`limit`) and for the
state of whoever counts (`limiter`), zeros at first. It may have `fill`, which writes
what the fields of the rule do not say under the same names.
"""

from collections.abc import Sequence
from typing import Any, Final

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.kernel_family import KernelFamily
from simcoalesce.compiled.parameters import Parameters, own_fields
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import State
from simcoalesce.compiled.switch import Switch
from simcoalesce.model.rate_limit import RateLimit

_KERNELS: Final = KernelFamily("simcoalesce.compiled.rate_limits")


class LimitRecord(Record):
    """A rate limit."""

    kind: int
    """The number of its kernels."""
    next: Link["LimitRecord"]
    parts: int
    """Where it says which limiter counts each key, or nobody: one counts all."""
    limiters: int
    """Where its limiters begin, behind the first limiter of all limits."""
    limiter_width: int


class LimiterRecord(Record):
    """What counts the calls of a rate limit that are counted together."""


_waits: Switch[[State, LimitRecord, LimiterRecord], int] = Switch(
    "m limit limiter", lambda: _KERNELS.kernels("wait_of")
)
"""Return 0 if a limit admits a call, else how long until it does."""

_takings: Switch[[State, LimitRecord, LimiterRecord, int], None] = Switch(
    "m limit limiter completed", lambda: _KERNELS.kernels("take")
)
"""Count an admitted call, which is complete at an instant."""


@inner
def wait_of_all(m: State, limit: LimitRecord, limiters: int, key: int) -> int:
    """Return 0 if a limit and all after it admit a call, else their longest wait.

    Args:
        m: The state.
        limit: The limit.
        limiters: Where the limiters are that count.
        key: Whose call it is.
    """
    wait = 0
    while limit:
        limiter = _limiter(m, limit, limiters, key)
        wait = max(wait, _waits(limit.kind, m, limit, limiter))
        limit = limit.next
    return wait


@inner
def take_of_all(
    m: State, limit: LimitRecord, limiters: int, key: int, completed: int
) -> None:
    """Take of a limit, and of all after it, what an admitted call takes."""
    while limit:
        limiter = _limiter(m, limit, limiters, key)
        _takings(limit.kind, m, limit, limiter, completed)
        limit = limit.next


@inner
def part_of(m: State, limit: LimitRecord, key: int) -> int:
    """Return which of its limiters counts the calls for a key."""
    return 0 if limit.parts == NOBODY else m[limit.parts + key]


@inner
def _limiter(m: State, limit: LimitRecord, limiters: int, key: int) -> LimiterRecord:
    begins = limiters + limit.limiters
    return LimiterRecord(m, begins + part_of(m, limit, key) * limit.limiter_width)


def written_limits(
    limits: Sequence[RateLimit], keys: Sequence[str], parameters: Parameters
) -> tuple[LimitRecord, int]:
    """Write rate limits; return the first or none, and how wide all limiters are."""
    first, width = LimitRecord(parameters.state, NOBODY), 0
    for limit in reversed(limits):
        record = _written(limit, keys, parameters)
        record.next, record.limiters = first, width
        first = record
        parts = limit.parts(keys)
        count = 1 if parts is None else int(parts.max(initial=0)) + 1
        width += count * record.limiter_width
    return first, width


def _written(
    limit: RateLimit, keys: Sequence[str], parameters: Parameters
) -> LimitRecord:
    member: Any = type(limit)
    kind = _KERNELS.record_of(member, "wait_of", "limit", LimitRecord)
    limiter = _KERNELS.record_of(member, "wait_of", "limiter", LimiterRecord)
    [record] = parameters.records(kind, 1)
    parameters.fill(record, limit, own_fields(kind, LimitRecord))
    _KERNELS.fill(member, limit=record, said=limit)
    parts = limit.parts(keys)
    record.kind, record.limiter_width = _KERNELS.number_of(member), limiter.width
    record.parts = NOBODY if parts is None else parameters.write(parts)
    return record
