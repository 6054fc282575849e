"""The ttl of a log."""

from simcoalesce.logs.cache_status import CacheStatus
from tests.fit_logs import Entry, a_log, fetch, found_in, hit


def renewals(count: int, ttl_s: int) -> list[Entry]:
    """Return keys that are hit in their last second, and renewed in the next."""
    entries = []
    for n in range(count):
        uri, stored_s = f"/{n}", n * 0.31
        last_s = int(stored_s + 0.1) + ttl_s
        entries += [
            fetch(stored_s, uri=uri),
            hit(last_s + 0.9, uri),
            fetch(last_s + 1.1, uri=uri, cache=CacheStatus.EXPIRED),
        ]
    return entries


def test_a_ttl_of_whole_seconds_is_found() -> None:
    """Hits of seven seconds, renewals of eight."""
    found = found_in(a_log(renewals(20, 7)), "ttl")

    assert dict(found.sets) == {"lock.ttl": "7s"}
    assert (found.told, found.contradictions) == ("told", 0)


def test_few_renewals_tell_a_ttl_hardly() -> None:
    """However many hits there are."""
    assert found_in(a_log(renewals(4, 7)), "ttl").told == "hardly told"


def test_a_log_in_which_nothing_expires_tells_no_ttl() -> None:
    """The scenario needs one, longer than the log."""
    found = found_in(a_log([fetch(0), hit(1), hit(90)]), "ttl")

    assert dict(found.sets) == {"lock.ttl": "24h"}
    assert found.told == "not told"
    assert "the oldest hit was 89.9s old" in found.evidence.replace("89.896s", "89.9s")
