"""How many caches, each with entries of its own."""

import numpy as np
import pytest

from simcoalesce.fit.cache_count import cache_count
from simcoalesce.fit.log_events import cache_events
from simcoalesce.logs.cache_status import CacheStatus
from simcoalesce.randomness import Stream
from tests.fit_logs import Entry, a_log, fetch, hit


def entries_of(caches: int, ttl_s: int) -> list[Entry]:
    """Return 3,000 requests in a minute for 40 keys, each sent to any cache."""
    at_s, key, where = Stream(1, "caches").uniforms(np.arange(9_000)).reshape(3, 3_000)
    stored_at: dict[tuple[int, int], float] = {}
    entries = []
    for at, one, cache in zip(
        np.sort(at_s) * 60, (key**2 * 40).astype(int), where * caches // 1, strict=True
    ):
        begun = stored_at.get((int(one), int(cache)))
        if begun is not None and begun <= at and int(at) <= int(begun) + ttl_s:
            entries.append(hit(float(at), f"/{one}"))
            continue
        status = CacheStatus.MISS if begun is None else CacheStatus.EXPIRED
        entries.append(fetch(float(at), 20, f"/{one}", status))
        stored_at[int(one), int(cache)] = at + 0.02
    return entries


@pytest.mark.parametrize(("caches", "ttl_s"), [(1, 7), (3, 10), (8, 12), (16, 30)])
def test_caches_and_their_ttl_are_found(caches: int, ttl_s: int) -> None:
    """A key that w of k caches hold is hit with probability w / k."""
    log = a_log(entries_of(caches, ttl_s))
    events = cache_events(log, log.target)
    assert events is not None
    found = cache_count(events)

    assert found.least <= caches <= found.most
    assert found.ttls_s[0] <= ttl_s <= found.ttls_s[1]
    assert abs(found.caches - caches) <= 1
