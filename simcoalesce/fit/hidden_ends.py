"""Hidden ends: what a log does not say of calls, and what follows says all the same."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.cache_events import Bools, CacheEvents
from simcoalesce.fit.key_order import KeyOrder
from simcoalesce.units import NS_PER_S

_UNKNOWN_ERROR: Final = 502
_FACTOR: Final = 1.5
"""Durations that differ by this are as far apart as calls ten seconds apart."""
_APART_S: Final = 10.0
_FEWEST: Final = 10
_OLDEST: Final = 0.99
"""So many hits are of an age that is fresh; a few may be told wrongly."""


def with_hidden_ends(events: CacheEvents, hidden: Bools) -> CacheEvents:
    """Return events with the ends of calls that the log does not tell.

    Of a refresh in the background nginx logs neither status nor time of the origin, and
    of a call whose error stale content hides the client's status. Which error it was is
    taken from the call of a known error that is most like it, in duration and instant.

    Args:
        events: What became of each request, with no status of refreshes.
        hidden: Calls that failed with an error that is not logged.
    """
    fails, succeeds = _ends_of_refreshes(events)
    status = np.where(hidden, 0, events.call_status)
    status = np.where(succeeds, 200, status)
    unlike = hidden | fails
    told = replace(events, call_status=status)
    left = events.in_background & ~fails & ~succeeds
    short, long = _by_duration(told, unlike, left)
    status = np.where(long, 200, status)
    failed = np.flatnonzero(unlike | short)
    if len(failed):
        status[failed] = _likeliest_errors(told, failed)
    return replace(events, call_status=status)


def _ends_of_refreshes(events: CacheEvents) -> tuple[Bools, Bools]:
    """Return which refreshes in the background failed, and which succeeded.

    After one that fails the next request finds the old answer again; after one that
    succeeds it does not while other answers of that age are fresh.
    """
    none = np.zeros(len(events.key), dtype=np.bool_)
    if not events.in_background.any():
        return none, none
    seen = KeyOrder(events.key, np.flatnonzero(events.storable), events.start_ns)
    following = seen.next(events.end_ns + events.slack_ns)
    follows = events.in_background & (following >= 0)
    age_ns = events.start_ns[following] - events.end_ns
    fresh = follows & events.hits[following] & ~events.waits[following]
    # No hit comes between one that failed and the next: each counts as stored here.
    ended = np.where(events.in_background, 200, events.call_status)
    by = replace(events, call_status=ended).stored_by(events.start_ns - events.slack_ns)
    is_hit = events.hits & (by >= 0) & ~events.waits
    ages_ns = (events.start_ns - events.end_ns[by])[is_hit]
    if not len(ages_ns):
        return none, fresh
    # The last second may be cut: nginx counts a lifetime in whole seconds.
    soon = age_ns < np.quantile(ages_ns, _OLDEST) - NS_PER_S
    return follows & events.renews[following] & soon, fresh


def _by_duration(
    events: CacheEvents, unlike: Bools, left: Bools
) -> tuple[Bools, Bools]:
    """Return which of the calls that are left are as short as errors, which longer."""
    took_ns = (events.end_ns - events.call_at_ns).astype(np.float64) + 1e5
    bad = took_ns[unlike | (events.call_status >= 400)]
    good = took_ns[events.succeeds]
    none = np.zeros(len(left), dtype=np.bool_)
    if not left.any() or len(good) < _FEWEST:
        return none, none
    if not len(bad):
        return none, left
    longest, shortest = np.quantile(bad, 0.95), np.quantile(good, 0.05)
    if longest >= shortest:
        return none, none
    edge = float(np.sqrt(longest * shortest))
    return left & (took_ns < edge), left & (took_ns >= edge)


def _likeliest_errors(
    events: CacheEvents, unlike: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return the status of the known error that is most like each of some calls."""
    known = np.flatnonzero(events.call_status >= 400)
    if not len(known):
        return np.full(len(unlike), _UNKNOWN_ERROR, dtype=np.int64)
    statuses = np.unique(events.call_status[known])
    nearest = np.stack(
        [
            _distance(events, unlike, known[events.call_status[known] == one])
            for one in statuses
        ]
    )
    likeliest: NDArray[np.int64] = statuses[np.argmin(nearest, axis=0)]
    return likeliest


def _distance(
    events: CacheEvents, unlike: NDArray[np.int64], known: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return how far some calls are from those of one error, at their instants."""
    at_s = events.call_at_ns / NS_PER_S
    took = np.log((events.end_ns - events.call_at_ns) / 1e6 + 1)
    known = known[np.argsort(at_s[known])]
    after = np.searchsorted(at_s[known], at_s[unlike])
    found = np.full(len(unlike), np.inf)
    for beside in (-2, -1, 0, 1):
        other = known[np.clip(after + beside, 0, len(known) - 1)]
        apart = np.abs(took[unlike] - took[other]) / np.log(_FACTOR)
        apart += np.abs(at_s[unlike] - at_s[other]) / _APART_S
        found = np.minimum(found, apart)
    return found
