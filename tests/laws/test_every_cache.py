"""What holds for every cache of a location, whatever its rules of coalescing."""

from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.model import edge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup, Outcomes, Role
from simcoalesce.request import Requests
from tests.builders import MS, a_path, an_origin, simulated, statuses
from tests.random_scenarios import (
    ALL_PATHS,
    CACHES,
    CDNS,
    LATENCIES,
    ORIGINS,
    WAITING_LISTS,
    Entry,
    any_requests,
    real_valued,
)

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
KINDS = ["lock", "waiting_list", "bounded_retries", "cdn", "cache_api"]


def columns(outcomes: Outcomes) -> list[list[int]]:
    """Return all rows of a run, without the isolates."""
    rows = replace(outcomes.request_rows, isolate=outcomes.request_rows.request)
    return [
        c.tolist() for table in (rows, outcomes.origin_rows) for c in astuple(table)
    ]


@given(cache=CACHES, origin=ORIGINS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_isolates_of_a_location_share_their_cache(
    cache: Entry, origin: Entry, requests: Requests, seed: int
) -> None:
    """However many there are, every row and every call is the same."""
    path = a_path(cache, origin)
    one = replace(requests, isolate=requests.location)

    assert columns(simulated(path, requests, seed=seed)) == columns(
        simulated(path, one, seed=seed)
    )


@given(
    cache=CACHES.filter(
        lambda entry: entry.get("bounded_retries", {}).get("on_busy") != "error"
    ),
    latency=LATENCIES,
    requests=any_requests(),
)
@QUICK
def test_where_nothing_fails_everybody_is_answered(
    cache: Entry, latency: Any, requests: Requests
) -> None:
    """No rule of waiting makes an error of its own, but `on_busy: error`."""
    path = a_path(cache, an_origin(latency))

    assert set(statuses(simulated(path, requests))) == {200}


@pytest.mark.parametrize("kind", KINDS)
@given(ttl=st.sampled_from([5, 10, 20, 40]), latency=LATENCIES, requests=any_requests())
@QUICK
def test_no_cache_serves_beyond_its_lifetime(
    kind: str, ttl: int, latency: Any, requests: Requests
) -> None:
    """A value came when it was made, and is served at once; in grace it is stale."""
    fields: dict[str, Any] = {"ttl": f"{ttl}ms"}
    if kind != "waiting_list":
        fields |= {"whole_seconds": False}
    rows = simulated(a_path({kind: fields}, an_origin(latency)), requests).request_rows

    assert (rows.age_ns[rows.lookup == Lookup.HIT] < ttl * MS).all()


@given(
    cache=WAITING_LISTS | CDNS.filter(lambda e: e["cdn"].get("lock", True)),
    latency=LATENCIES,
    requests=any_requests(),
)
@QUICK
def test_calls_of_a_key_do_not_overlap_where_those_who_miss_are_told(
    cache: Entry, latency: Any, requests: Requests
) -> None:
    """Nobody has to look again, so nobody can fetch too early."""
    cache = cache if "waiting_list" in cache else real_valued(cache)
    outcomes = simulated(a_path(cache, an_origin(latency)), requests)
    calls, rows = outcomes.origin_rows, outcomes.request_rows
    for index in range(4):
        mine = calls.key * 2 + rows.location[calls.request] == index
        mine &= rows.lookup[calls.request] != Lookup.BYPASS
        begins, ends = calls.called_at_ns[mine], calls.completed_at_ns[mine]

        assert (begins[1:] >= ends[:-1]).all()


@given(cache=CACHES, origin=ORIGINS, requests=any_requests())
@QUICK
def test_a_follower_never_calls_the_origin(
    cache: Entry, origin: Entry, requests: Requests
) -> None:
    """Who calls it is a leader, or is served what is stale while it is called."""
    outcomes = simulated(a_path(cache, origin), requests)
    rows, callers = outcomes.request_rows, outcomes.origin_rows.request
    followers = rows.request[rows.role == Role.FOLLOWER]

    assert not np.isin(followers, callers).any()


@given(path=ALL_PATHS, requests=any_requests(), seed=st.integers(0, 9))
@QUICK
def test_the_hit_fast_path_changes_no_row(
    path: list[Layer], requests: Requests, seed: int
) -> None:
    """Also where caches stand behind the first read."""
    names: dict[str, Any] = {"keys": ("key-0", "key-1"), "locations": ("at-0", "at-1")}
    plain = edge.simulate(path, [requests], seed=seed, **names, uses_fast_path=False)
    fast = edge.simulate(path, [requests], seed=seed, **names)

    assert columns(fast) == columns(plain)
    assert fast.usage == plain.usage
