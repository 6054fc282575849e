"""Hidden ends: statuses that the log does not have."""

from simcoalesce.fit.log_events import cache_events
from simcoalesce.logs.cache_status import CacheStatus
from tests.fit_logs import Entry, a_log, fetch, hit


def stale(at_s: float, took_ms: float, uri: str = "/a") -> Entry:
    """Return a request that gets what has expired, and has it refreshed behind it."""
    return Entry(at_s, took_ms, uri, CacheStatus.STALE)


def statuses(*entries: Entry) -> list[int]:
    """Return how the calls in a log of these lines ended; 0 is nobody's."""
    log = a_log(entries)
    events = cache_events(log, log.target)
    assert events is not None
    return list(map(int, events.call_status))


def test_a_refresh_that_fails_has_the_error_that_others_have() -> None:
    """A cold key gets a 429 at about the same time, after about as long."""
    refused = fetch(5.1, 6, uri="/b", status=429)
    found = statuses(fetch(0), hit(3), stale(5, 7), refused, stale(5.5, 100), hit(6))

    assert found == [200, 0, 429, 429, 200, 0]


def test_of_two_errors_the_one_that_takes_as_long_is_likelier() -> None:
    """429 after 6 ms, 504 after 2 s: a refresh of 1.9 s ended as the latter."""
    errors = (fetch(4, 6, "/b", status=429), fetch(4, 2_000, "/c", status=504))
    found = statuses(fetch(0), hit(3), *errors, stale(4.1, 1_900), stale(6.05, 100))

    assert found[4] == 504


def test_a_refresh_that_nothing_follows_is_told_by_its_duration() -> None:
    """Twenty answers take 100 ms, ten refusals 6 ms; the refresh took 7 ms."""
    good = [fetch(n / 10, 100, f"/g{n}") for n in range(20)]
    bad = [fetch(n / 10, 6, f"/b{n}", status=429) for n in range(10)]
    found = statuses(*good, *bad, fetch(0, uri="/a"), stale(9, 7, "/a"))

    assert found[-1] == 429
