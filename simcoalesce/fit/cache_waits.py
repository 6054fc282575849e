"""Who waits for the fetch of another, and who fetches too: the evidence of a lock."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.cache_events import CacheEvents

POLL_NS: Final = 500_000_000
"""How often nginx's lock is looked at; built into it (ngx_http_file_cache.c)."""
_POLL_SLACK_NS: Final = 8_000_000
_SOME: Final = 3


@dataclass(frozen=True)
class CacheWaits:
    """What requests did that came while their key was fetched.

    Attributes:
        cold_waited: Of a key of which nothing was stored: how many waited.
        cold_fetched: How many fetched too.
        expired_waited: Of a key whose answer had expired: how many waited.
        expired_fetched: How many fetched too.
        expired_stale: How many got what had expired.
        polled: How many waits last a multiple of nginx's poll.
        notified: How many waits end with the fetch that they waited for.
        longest_ns: The longest wait; 0 without any.
        timed_out_ns: Waits that ended with a call of their own while the fetch went on,
            before its lock could have been too old; shape (waits,).
        aged_ns: How old fetches were when another took their lock; shape (calls,).
    """

    cold_waited: int
    cold_fetched: int
    expired_waited: int
    expired_fetched: int
    expired_stale: int
    polled: int
    notified: int
    longest_ns: int
    timed_out_ns: NDArray[np.int64]
    aged_ns: NDArray[np.int64]

    @property
    def is_polled(self) -> bool:
        """Whether those who wait look again and again, as nginx's do."""
        return self.polled >= self.notified


def cache_waits(events: CacheEvents) -> CacheWaits:
    """Return what requests did while their key was fetched."""
    at_ns, slack_ns = events.start_ns, events.slack_ns
    during = events.storable & events.in_flight(at_ns)
    is_cold = events.stored_by(at_ns + slack_ns, late=True) < 0
    waits, at_once = events.waits, events.calls & ~events.waits
    if events.says_status:
        old = during & events.renews & ~is_cold
    else:
        old = during & events.calls & ~is_cold
    # What was cold when it came is found stored by who has waited.
    waited = waits & ((events.hits & is_cold) | (events.calls & is_cold))
    lasts_ns = events.waited_ns[waits]
    off_ns = np.abs(lasts_ns - np.rint(lasts_ns / POLL_NS) * POLL_NS)
    by = events.stored_by(events.end_ns + slack_ns, late=True)
    ends_with = waits & events.hits & (by >= 0)
    late_ns = np.abs(events.end_ns - events.end_ns[by])[ends_with]
    timed_out_ns, aged_ns = _impatient(events, int(lasts_ns.max(initial=0)))
    return CacheWaits(
        cold_waited=int(waited.sum()),
        cold_fetched=int((during & is_cold & at_once & ~events.renews).sum()),
        expired_waited=int((waits & ~is_cold & (events.renews | events.hits)).sum()),
        expired_fetched=int((old & at_once & ~events.in_background).sum()),
        expired_stale=int((during & events.is_stale & ~events.in_background).sum()),
        polled=int((off_ns <= _POLL_SLACK_NS).sum()),
        notified=int((late_ns <= 2 * slack_ns).sum()),
        longest_ns=int(lasts_ns.max(initial=0)),
        timed_out_ns=timed_out_ns,
        aged_ns=aged_ns,
    )


def _impatient(
    events: CacheEvents, longest_ns: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return waits that were in vain, and how old locks were when others took them.

    Who waited for longer than a time-out and a poll would have given up: a shorter wait
    that ended with a call cannot be one in vain, so the lock was too old.
    """
    late = np.flatnonzero(events.is_late)
    waited_ns = events.waited_ns[late]
    age_ns = _oldest_ns(events, late)
    is_taken = waited_ns <= longest_ns - POLL_NS - _POLL_SLACK_NS
    if is_taken.sum() < _SOME:
        return waited_ns, age_ns[:0]
    aged_ns = age_ns[is_taken]
    in_vain = ~is_taken & (age_ns < np.quantile(aged_ns, 0.1) - _POLL_SLACK_NS)
    return waited_ns[in_vain], aged_ns


def _oldest_ns(events: CacheEvents, late: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for how long a key had been fetched when some requests called."""
    calls = np.flatnonzero(events.calls & events.storable)
    calls = calls[np.lexsort((events.call_at_ns[calls], events.key[calls]))]
    keys = events.key[calls]
    first = np.searchsorted(keys, events.key[late], side="left")
    last = np.searchsorted(keys, events.key[late], side="right")
    ages_ns = np.zeros(len(late), dtype=np.int64)
    for index, who in enumerate(late.tolist()):
        at_ns, same = events.call_at_ns[who], calls[first[index] : last[index]]
        begun_ns = events.call_at_ns[same]
        under_way = (begun_ns < at_ns - events.slack_ns) & (events.end_ns[same] > at_ns)
        ages_ns[index] = at_ns - begun_ns[under_way].min(initial=at_ns)
    return ages_ns
