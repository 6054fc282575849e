"""Who gets what has expired, by a log."""

import pytest

from simcoalesce.logs.cache_status import CacheStatus
from tests.fit_logs import Entry, a_log, fetch, found_in, hit

EXPIRED = CacheStatus.EXPIRED


def renewed(*others: Entry) -> list[Entry]:
    """Return twelve keys that are renewed at 9 s; what comes meanwhile follows."""
    entries = [hit(1, "/0")]
    for n in range(12):
        entries += [fetch(0, uri=f"/{n}"), fetch(9, 200, f"/{n}", EXPIRED)]
        entries += [one._replace(uri=f"/{n}") for one in others]
    return entries


@pytest.mark.parametrize(
    ("meanwhile", "stale"),
    [
        (Entry(9.1, cache=CacheStatus.UPDATING), "updating"),
        (fetch(9.1, 200, cache=EXPIRED), "none"),
    ],
    ids=["it is served", "all fetch"],
)
def test_who_comes_during_a_renewal_tells_the_rule(
    meanwhile: Entry, stale: str
) -> None:
    """Twelve renewals of 200 ms."""
    found = found_in(a_log(renewed(meanwhile)), "stale")

    assert dict(found.sets) == {"lock.stale": stale}
    assert (found.told, found.events) == ("told", 12)


def test_a_refresh_in_the_background_has_a_rule_of_its_own() -> None:
    """Whoever gets what expired has it refreshed, and waits for nothing."""
    entries = [fetch(0), hit(1), Entry(9, 80, cache=CacheStatus.STALE), hit(10)]
    found = found_in(a_log(entries), "stale")

    assert dict(found.sets) == {"lock.stale": "background"}


def test_errors_that_are_rescued_tell_stale_if_error() -> None:
    """A renewal fails, and the client gets what had expired."""
    rescued = [fetch(9 + n, 20, cache=CacheStatus.STALE) for n in range(3)]
    error = fetch(9.5, 20, "/b", status=503)
    found = found_in(a_log([fetch(0), hit(1), *rescued, error]), "stale_if_error")

    assert found.sets["lock.stale_if_error"] == "24h"


def test_only_the_errors_that_are_rescued_are_named() -> None:
    """A 503 is, a 429 is not."""
    entries = [fetch(0), hit(1), fetch(8.5, 20, "/b", status=503)]
    entries += [fetch(9 + n, 20, cache=CacheStatus.STALE) for n in range(3)]
    entries += [fetch(20 + n, 5, cache=EXPIRED, status=429) for n in range(3)]
    found = found_in(a_log(entries), "stale_if_error")

    assert found.sets["lock.stale_on"] == [500, 502, 503, 504]
