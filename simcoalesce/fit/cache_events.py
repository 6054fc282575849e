"""What a log says of a cache: which requests called the origin, when, with what end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.duration_valley import duration_valley_ns
from simcoalesce.fit.key_order import KeyOrder
from simcoalesce.logs.cache_status import CacheStatus
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S

Bools = NDArray[np.bool_]
Instants = NDArray[np.int64]

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


@dataclass(frozen=True)
class CacheEvents:
    """What became of each request at a cache, shape (requests,) each.

    Attributes:
        key: Code of its key.
        start_ns: When it came.
        end_ns: When it was answered; of a refresh in the background, when that ended.
        storable: Whether a store may answer it.
        calls: Whether the origin was called for it, in the background too.
        call_at_ns: When; its start if it did not call.
        call_status: What the origin said: 200 if the log does not say and nothing
            speaks against it; 0 without a call, or if the log leaves open how a
            refresh in the background ended.
        hits: Whether a fresh answer was in the store, or came while it waited.
        renews: Whether what it found had expired.
        is_stale: Whether it got what had expired, and did not wait for the origin.
        in_background: Whether its call was a refresh in the background.
        is_rescued: Whether its call failed, and it got what had expired instead.
        waited_ns: How long it waited before its call, or for its hit.
        slack_ns: How wrong an instant of the log may be.
        says_status: Whether the log says what the cache had.
    """

    key: NDArray[np.int64]
    start_ns: Instants
    end_ns: Instants
    storable: Bools
    calls: Bools
    call_at_ns: Instants
    call_status: NDArray[np.int64]
    hits: Bools
    renews: Bools
    is_stale: Bools
    in_background: Bools
    is_rescued: Bools
    waited_ns: Instants
    slack_ns: int
    says_status: bool

    @property
    def succeeds(self) -> Bools:
        """Whether a call brought an answer that can be stored."""
        good: Bools = (self.call_status > 0) & (self.call_status < 400)
        return good

    @property
    def refused(self) -> Bools:
        """Whether the origin refused a call."""
        return np.asarray(self.call_status == 429)

    @property
    def fails(self) -> Bools:
        """Whether a call failed."""
        return np.asarray(self.call_status >= 500)

    @property
    def may_store(self) -> Bools:
        """Whether an answer may have been stored."""
        return self.succeeds & self.storable

    @property
    def is_late(self) -> Bools:
        """Whether a call came after a wait, while another was still under way.

        Of a wait in vain nginx does not store what comes; of an aged lock it does.
        """
        late = self.calls & self.waits
        if late.any():
            late &= self.in_flight(self.call_at_ns)
        return late

    @property
    def waits(self) -> Bools:
        """Whether a request waited for the fetch of another."""
        return self.storable & (self.waited_ns > 10 * self.slack_ns)

    def in_flight(self, at_ns: Instants) -> Bools:
        """Return whether a call for the key of each request was under way at instants.

        A call of its own counts if it began before.
        """
        calls = np.flatnonzero(self.calls & self.storable)
        begun = KeyOrder(self.key, calls, self.call_at_ns)
        return begun.latest_end(self.end_ns, at_ns - self.slack_ns) > (
            at_ns + self.slack_ns
        )

    def stored_by(self, at_ns: Instants, *, late: bool = False) -> NDArray[np.int64]:
        """Return whose answer was the last that was stored at instants; -1: nobody's.

        Of several answers to a key the last that comes is kept.

        Args:
            at_ns: One instant for each request.
            late: Whether answers that came after a wait in vain are stored.
        """
        stores = self.may_store if late else self.may_store & ~self.is_late
        return KeyOrder(self.key, np.flatnonzero(stores), self.end_ns).latest(at_ns)


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
        call_status=_call_status(log, calls, in_background),
        hits=log.storable & ~calls & ~is_stale,
        renews=_is(log, _EXPIRED),
        is_stale=is_stale,
        in_background=in_background,
        is_rescued=calls & _is(log, [CacheStatus.STALE]),
        waited_ns=np.where(is_stale, 0, waited_ns),
        slack_ns=max(_SLACK_NS, log.stamp_ns if log.stamp_ns >= 10**8 else 0),
        says_status="cache" in log.fields,
    )
    if "origin_duration" not in log.fields:
        events = _without_waits(events)
    return _with_ends_of_refreshes(events)


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


def _call_status(log: Log, calls: Bools, in_background: Bools) -> NDArray[np.int64]:
    own = np.where(log.origin_status > 0, log.origin_status, log.status).astype(int)
    # Stale content stands in for the error of a call whose own status nobody wrote.
    failed = calls & _is(log, [CacheStatus.STALE]) & (own < 400)
    said = np.where(failed, 502, np.where(own > 0, own, 200))
    return np.where(calls, said, np.where(in_background, 200, 0)).astype(np.int64)


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


def _with_ends_of_refreshes(events: CacheEvents) -> CacheEvents:
    """Tell refreshes in the background that failed: what expired is found too soon.

    After one that fails the next request finds the old answer again; after one that
    succeeds it does not while other answers of that age are fresh.
    """
    if not events.in_background.any():
        return events
    by = events.stored_by(events.start_ns - events.slack_ns)
    is_known = events.hits & (by >= 0) & ~events.waits
    if not is_known.any():
        return events
    oldest_ns = int((events.start_ns - events.end_ns[by])[is_known].max())
    seen = KeyOrder(events.key, np.flatnonzero(events.storable), events.start_ns)
    following = seen.next(events.end_ns + events.slack_ns)
    age_ns = events.start_ns[following] - events.end_ns
    # The last second may be cut: nginx counts a lifetime in whole seconds.
    soon = (following >= 0) & (age_ns < oldest_ns - NS_PER_S)
    fails = soon & events.renews[following]
    succeeds = (following >= 0) & events.hits[following]
    said = np.where(fails, 502, np.where(succeeds, 200, 0))
    status = np.where(events.in_background, said, events.call_status)
    return replace(events, call_status=status)
