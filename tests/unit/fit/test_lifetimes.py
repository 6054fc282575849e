"""Lifetimes: each age says something of the ttl."""

import numpy as np

from simcoalesce.fit.lifetimes import Clock, Lifetimes, lifetimes
from simcoalesce.fit.log_events import cache_events
from simcoalesce.logs.cache_status import CacheStatus
from tests.fit_logs import Entry, a_log, fetch, hit


def ages(*entries: Entry, clock: Clock = "whole seconds") -> Lifetimes:
    """Return the ages in a log of these lines."""
    log = a_log(entries)
    events = cache_events(log, log.target)
    assert events is not None
    return lifetimes(events, clock)


def renewal(at_s: float) -> Entry:
    """Return a request that finds what has expired."""
    return fetch(at_s, cache=CacheStatus.EXPIRED)


def test_ages_count_the_seconds_that_began() -> None:
    """Stored at 0.9 s: at 5.1 s it is five seconds old, at 6.5 s six."""
    found = ages(fetch(0.8), hit(5.1), renewal(6.5))

    assert found.fresh_s.tolist() == [5.0]
    assert found.expired_s.tolist() == [6.0]


def test_the_ttl_lies_between_a_hit_and_a_renewal() -> None:
    """Five whole seconds: a hit of that age is fresh, six are too old."""
    found = ages(fetch(0.8), hit(5.1), renewal(6.5))

    assert found.best() == (5.0, 0)
    assert found.longest(0) == 5.0


def test_real_valued_ages_are_as_long_as_the_log_may_be_wrong() -> None:
    """4.2 s as a hit; two instants of 2 ms each speak for any ttl."""
    found = ages(fetch(0.8), hit(5.1), renewal(6.5), clock="real-valued")

    assert found.fresh_s.tolist() == [4.196]
    assert found.expired_s.tolist() == [5.604]


def test_a_ttl_is_contradicted_by_older_hits_and_younger_renewals() -> None:
    """Hits of 3 s and 7 s, a renewal of 5 s: no ttl suits all."""
    found = ages(
        fetch(0, uri="/a"),
        hit(3.5, "/a"),
        fetch(0, uri="/b"),
        hit(7.5, "/b"),
        fetch(0, uri="/c"),
        fetch(5.5, uri="/c", cache=CacheStatus.EXPIRED),
    )

    assert found.contradictions(np.array([4.0, 7.0])).tolist() == [1, 1]
    assert found.contradictions(np.array([2.0])).tolist() == [2]


def test_a_hit_that_nobody_can_have_stored_is_counted() -> None:
    """As with a key rule that is too fine: with a ttl of 5 s, those after 6 s."""
    assert ages(hit(0), hit(2), hit(6.5), hit(8)).unstored(5.0) == 2


def test_a_fetch_as_if_nothing_were_stored_is_counted() -> None:
    """As with a key rule that is too coarse."""
    assert ages(fetch(0), hit(1), fetch(2)).refetched == 1
