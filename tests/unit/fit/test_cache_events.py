"""Cache events: who called the origin, when, and how that ended."""

import numpy as np
import pytest

from simcoalesce.fit.cache_events import CacheEvents
from simcoalesce.fit.log_events import cache_events
from simcoalesce.logs.cache_status import CacheStatus
from tests.fit_logs import Entry, a_log, fetch, hit


def events_of(*entries: Entry, without: tuple[str, ...] = ()) -> CacheEvents:
    """Return what became of requests; the log has a key for each URI."""
    log = a_log(entries, without)
    found = cache_events(log, log.target)
    assert found is not None
    return found


def test_a_call_begins_when_the_wait_for_the_lock_is_over() -> None:
    """A line of 600 ms, of which the origin took 100 ms."""
    events = events_of(fetch(0, 600, origin_ms=100))

    assert events.calls.tolist() == [True]
    assert (events.call_at_ns - events.start_ns).tolist() == [500_000_000]


def test_a_method_that_no_store_answers_calls_the_origin() -> None:
    """A POST has no cache status."""
    events = events_of(Entry(0, 40, cache=None, origin_ms=40, method="POST"))

    assert events.calls.tolist() == [True]
    assert events.storable.tolist() == [False]


def test_what_expired_is_refreshed_in_the_background_by_who_gets_it() -> None:
    """Nginx logs no time of the origin there; the line ends with the refresh."""
    stale = Entry(5, 80, cache=CacheStatus.STALE)
    events = events_of(fetch(0), hit(1), stale, hit(6))

    assert events.in_background.tolist() == [False, False, True, False]
    assert events.call_status.tolist() == [200, 0, 200, 0]


def test_a_refresh_that_leaves_the_old_answer_has_failed() -> None:
    """Half a second later the old answer is found again; a hit of 3 s was fresh."""
    first = Entry(5, 80, cache=CacheStatus.STALE)
    again = Entry(5.5, 80, cache=CacheStatus.STALE)
    events = events_of(fetch(0), hit(3), first, again)

    assert events.fails.tolist() == [False, False, True, False]


def test_an_error_that_stale_content_hides_is_a_failed_call() -> None:
    """The client's status is 200, the log has none of the origin."""
    rescued = fetch(9, 20, cache=CacheStatus.STALE)
    events = events_of(fetch(0), rescued)

    assert events.is_rescued.tolist() == [False, True]
    assert events.fails.tolist() == [False, True]


def test_without_status_and_time_of_the_origin_durations_tell() -> None:
    """Two groups: 1 ms and 90 ms."""
    entries = [Entry(n, 1 if n % 3 else 90) for n in range(60)]
    events = events_of(*entries, without=("cache", "origin_duration"))

    assert events.calls.sum() == 20


def test_a_wait_of_nginx_is_no_call_where_only_durations_tell() -> None:
    """500 ms, begun while another fetches for 200 ms."""
    apart = [Entry(n, 1 if n % 3 else 200, uri=f"/{n}") for n in range(60)]
    pair = [Entry(99, 200, uri="/p"), Entry(99.1, 501, uri="/p")]
    events = events_of(*apart, *pair, without=("cache", "origin_duration"))

    assert events.calls[-2:].tolist() == [True, False]
    assert events.hits[-2:].tolist() == [False, True]


def test_durations_of_one_group_tell_nothing() -> None:
    """Neither hits nor misses."""
    log = a_log(
        [Entry(n, 10 + n % 30) for n in range(90)], ("cache", "origin_duration")
    )

    assert cache_events(log, log.target) is None


@pytest.mark.parametrize(("at_s", "by"), [(0.05, -1), (0.2, 0), (2.2, 1)])
def test_of_several_answers_the_last_that_came_is_kept(at_s: float, by: int) -> None:
    """Fetches of 0 to 100 ms and of 2.0 to 2.1 s."""
    events = events_of(fetch(0), fetch(2), hit(3))
    instants = events.start_ns[0] + np.full(3, round(at_s * 1e9))

    assert events.stored_by(instants)[0] == by
