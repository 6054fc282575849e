"""Key rules: the right one is the one that nobody contradicts."""

import pytest

from simcoalesce.fit.key_rules import ranked_rules
from simcoalesce.logs.cache_status import CacheStatus
from simcoalesce.logs.log import Log
from tests.fit_logs import Entry, a_log, fetch, hit

HOSTS = ("a.example", "b.example")


def log_of(key: str) -> Log:
    """Return a log of a cache with a ttl of 5 s; two hosts, queries now and then."""
    entries: list[Entry] = []
    stored_at: dict[str, float] = {}
    for n in range(200):
        at_s, host = n * 0.7, HOSTS[n % 2]
        uri = f"/p{n % 3}" + (f"?utm={n % 4}" if n % 5 == 0 else "")
        page = uri.partition("?")[0]
        name = {"url": host + uri, "host and path": host + page, "uri": uri}[key]
        kept = stored_at.get(name)
        if kept is not None and int(at_s) <= int(kept) + 5:
            entries.append(hit(at_s, uri, host=host))
            continue
        cache = CacheStatus.MISS if kept is None else CacheStatus.EXPIRED
        entries.append(fetch(at_s, uri=uri, cache=cache, host=host))
        stored_at[name] = at_s + 0.1
    return a_log(entries)


@pytest.mark.parametrize("key", ["url", "host and path", "uri"])
def test_the_rule_of_a_cache_is_contradicted_by_nobody(key: str) -> None:
    """Finer rules have hits that nobody stored, coarser ones needless fetches."""
    (bad, best), (second_bad, _), *_ = ranked_rules(log_of(key))

    assert (best.text, bad) == (key, 0)
    assert second_bad > 0
