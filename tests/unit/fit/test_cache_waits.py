"""Who waits while a key is fetched, and who fetches too."""

from simcoalesce.fit.cache_waits import CacheWaits, cache_waits
from simcoalesce.fit.log_events import cache_events
from simcoalesce.logs.cache_status import CacheStatus
from tests.fit_logs import Entry, a_log, fetch, hit


def waits(*entries: Entry) -> CacheWaits:
    """Return what requests did in a log of these lines."""
    log = a_log(entries)
    events = cache_events(log, log.target)
    assert events is not None
    return cache_waits(events)


def test_who_polls_a_lock_has_waited() -> None:
    """A fetch of 200 ms; who comes meanwhile gets its answer after 500 ms."""
    found = waits(fetch(0, 200), hit(0.05, took_ms=501), hit(0.1, took_ms=500))

    assert (found.cold_waited, found.cold_fetched) == (2, 0)
    assert found.is_polled


def test_who_calls_at_once_has_not_waited() -> None:
    """Two more calls while the first is under way."""
    found = waits(fetch(0, 200), fetch(0.05, 200), fetch(0.1, 200))

    assert (found.cold_waited, found.cold_fetched) == (0, 2)


def test_who_is_told_does_not_poll() -> None:
    """Waits of 150 ms and 100 ms, which end with the fetch."""
    found = waits(fetch(0, 200), hit(0.05, took_ms=150), hit(0.1, took_ms=100))

    assert found.notified == 2
    assert not found.is_polled


def test_what_expired_is_another_matter() -> None:
    """While it is renewed one gets it, one fetches too."""
    found = waits(
        fetch(0),
        fetch(9, 200, cache=CacheStatus.EXPIRED),
        fetch(9.05, 200, cache=CacheStatus.EXPIRED),
        Entry(9.1, cache=CacheStatus.UPDATING),
    )

    assert (found.expired_stale, found.expired_fetched) == (1, 1)
    assert found.cold_waited + found.cold_fetched == 0


def test_a_wait_that_ends_with_a_call_meanwhile_was_in_vain() -> None:
    """A fetch of 3 s; who has waited for 1 s calls for itself."""
    found = waits(fetch(0, 3_000), fetch(0.5, 4_000, origin_ms=3_000))

    assert found.timed_out_ns.tolist() == [1_000_000_000]
