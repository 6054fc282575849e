"""Cache events of a log: from its status, the origin's time, or durations alone."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.cache_events import Bools, CacheEvents
from simcoalesce.fit.duration_valley import duration_valley_ns
from simcoalesce.fit.hidden_ends import with_hidden_ends
from simcoalesce.logs.cache_status import CacheStatus
from simcoalesce.logs.log import Log

_SLACK_NS: Final = 2_000_000
"""A log rounds instants and durations to milliseconds, each on its own."""
_POLL_NS: Final = 500_000_000
"""How often nginx's lock is looked at; built into it (ngx_http_file_cache.c)."""
_POLL_SLACK_NS: Final = 8_000_000
_FETCHED: Final = (
    CacheStatus.MISS,
    CacheStatus.EXPIRED,
    CacheStatus.REVALIDATED,
    CacheStatus.BYPASS,
)
_EXPIRED: Final = (
    CacheStatus.EXPIRED,
    CacheStatus.REVALIDATED,
    CacheStatus.STALE,
    CacheStatus.UPDATING,
)


def cache_events(log: Log, key: NDArray[Any]) -> CacheEvents | None:
    """Return what a log says of a cache; None if it says nothing.

    Args:
        log: Any log; without cache status and the origin's time, the durations must
            fall into two groups.
        key: Code of the key of each request.
    """
    calls = _calls(log)
    if calls is None:
        return None
    end_ns = log.at_ns + np.maximum(log.duration_ns, 0)
    in_background = _is(log, [CacheStatus.STALE]) & ~calls & log.storable
    is_stale = _is(log, [CacheStatus.STALE, CacheStatus.UPDATING]) & ~calls
    own_ns = np.where(log.origin_ns >= 0, end_ns - log.origin_ns, log.at_ns)
    waited_ns = np.where(calls, own_ns - log.at_ns, end_ns - log.at_ns)
    events = CacheEvents(
        key=key.astype(np.int64),
        start_ns=log.at_ns,
        end_ns=end_ns,
        storable=log.storable & (key >= 0),
        calls=calls | in_background,
        call_at_ns=np.where(calls, own_ns, log.at_ns),
        call_status=_call_status(log, calls),
        hits=log.storable & ~calls & ~is_stale,
        renews=_is(log, _EXPIRED),
        is_stale=is_stale,
        in_background=in_background,
        is_rescued=calls & _is(log, [CacheStatus.STALE]),
        waited_ns=np.where(is_stale, 0, waited_ns),
        slack_ns=max(_SLACK_NS, log.stamp_ns if log.stamp_ns >= 10**8 else 0),
        says_status="cache" in log.fields,
    )
    # Stale content stands in for the error of a call whose own status nobody wrote.
    hidden = events.is_rescued & (events.call_status < 400)
    if "origin_duration" not in log.fields:
        events = _without_waits(events)
    return with_hidden_ends(events, hidden)


def _is(log: Log, statuses: Iterable[CacheStatus]) -> Bools:
    found: Bools = np.isin(log.cache, [int(one) for one in statuses])
    return found


def _calls(log: Log) -> Bools | None:
    """Return which requests waited for a call of the origin; None if nobody knows."""
    if "origin_duration" in log.fields:
        return np.asarray(log.origin_ns >= 0)
    refused = (log.status == 429) | (log.status >= 500)
    if "cache" in log.fields:
        return np.asarray(_is(log, _FETCHED) | ~log.storable | refused)
    valley_ns = duration_valley_ns(log.duration_ns[log.storable])
    if valley_ns is None:
        return None
    return np.asarray((log.duration_ns > valley_ns) | ~log.storable | refused)


def _call_status(log: Log, calls: Bools) -> NDArray[np.int64]:
    own = np.where(log.origin_status > 0, log.origin_status, log.status).astype(int)
    return np.where(calls, np.where(own > 0, own, 200), 0).astype(np.int64)


def _without_waits(events: CacheEvents) -> CacheEvents:
    """Take waits for nginx's lock, multiples of its poll, off what looks like calls."""
    lasts_ns = events.end_ns - events.start_ns
    polls = np.rint(lasts_ns / _POLL_NS)
    is_poll = np.abs(lasts_ns - polls * _POLL_NS) <= _POLL_SLACK_NS
    waiter = events.calls & events.storable & is_poll & (polls > 0)
    waiter &= (events.call_status < 400) & events.in_flight(events.start_ns)
    if events.says_status or not waiter.any():
        return events
    calls = events.calls & ~waiter
    return replace(
        events,
        calls=calls,
        call_status=np.where(waiter, 0, events.call_status),
        hits=events.hits | waiter,
        waited_ns=np.where(waiter, lasts_ns, events.waited_ns),
    )
