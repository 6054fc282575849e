"""How many calls an origin's limits would have admitted so far, and still would."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.rate_limit import Limiter, RateLimit
from simcoalesce.outcomes import OriginRows
from simcoalesce.units import NS_PER_S

_MOST_PROBES: Final = 1_500_000
_MOST_INSTANTS: Final = 96
_FEWEST_INSTANTS: Final = 8
_NEVER_DONE_NS: Final = 1 << 62
_LONG_NS: Final = 10**6 * NS_PER_S


def sustained_per_s(limit: RateLimit) -> float | None:
    """Return how many calls a limit admits in the long run, a second.

    None if the number depends on how long calls take.
    """
    twice, once = limit.allowance(2 * _LONG_NS), limit.allowance(_LONG_NS)
    if twice is None or once is None:
        return None
    return round((twice - once) / (_LONG_NS / NS_PER_S), 4)


def allowed_so_far(
    calls: OriginRows, limits: Sequence[RateLimit], start_ns: int, end_ns: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
    """Return what the limits allow over time: admitted calls, and those with a place.

    The limits are replayed from their own state machines, so every kind of limit is
    drawn as it works. Between two instants the last value holds.

    Args:
        calls: The calls that the origin received, in order.
        limits: All of them must admit a call.
        start_ns: From when on.
        end_ns: Until when.

    Returns:
        Instants in ns and calls allowed, both of shape (instants,); nan where it is
        far more than came. None without limits, if there are too many calls, or if a
        limit counts some of them by themselves: then no number of calls is the limit.
    """
    most = len(calls.request) + min(3 * len(calls.request), 15_000) + 50
    number = min(_MOST_INSTANTS, _MOST_PROBES // most)
    is_one_number = bool(limits) and all(limit.counts_all for limit in limits)
    if not is_one_number or number < _FEWEST_INSTANTS:
        return None
    instants_ns = _instants_ns(calls, start_ns, end_ns, number)
    is_taken = calls.status != 429
    times_ns = np.stack([calls.called_at_ns, calls.completed_at_ns], axis=1)
    taken, limiters = times_ns[is_taken].tolist(), [one.limiter() for one in limits]
    met, allowed = 0, []
    for at_ns in instants_ns.tolist():
        while met < len(taken) and taken[met][0] <= at_ns:
            # A real origin may have admitted what its described limit would not.
            _admit(limiters, *taken[met])
            met += 1
        free, probes = 0, deepcopy(limiters)
        while free < most and _admit(probes, at_ns, _NEVER_DONE_NS):
            free += 1
        allowed.append(float("nan") if free == most else met + free)
    return instants_ns, np.array(allowed, dtype=np.float64)


def _instants_ns(
    calls: OriginRows, start_ns: int, end_ns: int, number: int
) -> NDArray[np.int64]:
    """Return evenly spaced instants, and others where the calls are."""
    called_ns = calls.called_at_ns
    called_ns = called_ns[(called_ns >= start_ns) & (called_ns <= end_ns)]
    even = np.linspace(start_ns, end_ns, number - number // 3).astype(np.int64)
    picked = np.linspace(0, max(len(called_ns) - 1, 0), number // 3).astype(np.int64)
    return np.unique(
        np.concatenate([even, called_ns[picked] if len(called_ns) else even])
    )


def _admit(limiters: Sequence[Limiter], at_ns: int, completed_at_ns: int) -> bool:
    if any(limiter.wait_ns(at_ns) for limiter in limiters):
        return False
    for limiter in limiters:
        limiter.take(at_ns, completed_at_ns)
    return True
