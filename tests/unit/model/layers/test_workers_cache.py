"""workers_cache: a cache before the worker, with an upper tier behind it."""

from typing import Any

import pytest

from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.purge import Purge
from simcoalesce.model.edge import simulate
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Requests
from simcoalesce.units import NS_PER_S
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    lookups,
    roles,
    simulated,
    statuses,
)

CACHE: dict[str, Any] = {"workers_cache": {"hop": "30ms"}}
ORIGIN = an_origin("100ms")


def failing(status: int, *, since: int = 1, **fields: Any) -> list[Any]:
    """Return the cache before an origin that fails from a call on."""
    fault = {"kind": "calls", "from": since, "to": 99, "status": status}
    return a_path({"workers_cache": fields}, an_origin("100ms", faults=[fault]))


def test_a_miss_goes_to_the_upper_tier_and_an_answer_is_stored_in_both() -> None:
    """The same location finds it at once, another one after a hop there and back."""
    requests = at_ms(0, 1_000, 2_000, location=[0, 0, 1])

    outcomes = simulated(a_path(CACHE, ORIGIN), requests)

    assert calls_ms(outcomes) == [30]
    assert latencies_ms(outcomes) == [160, 0, 60]
    names = [outcomes.layers[code] for code in outcomes.request_rows.served_by]
    assert names == ["origin", "workers_cache", "workers_cache.global"]


def test_misses_wait_at_each_tier() -> None:
    """Two at one location, one at another: one run of the worker."""
    outcomes = simulated(a_path(CACHE, ORIGIN), at_ms(0, 10, 20, location=[0, 0, 1]))

    assert latencies_ms(outcomes) == [160, 150, 140]
    assert roles(outcomes) == [Role.LEADER, Role.FOLLOWER, Role.FOLLOWER]


def test_without_an_upper_tier_each_location_runs_the_worker() -> None:
    """There is no hop either."""
    path = a_path({"workers_cache": {"scope": "location", "hop": "30ms"}}, ORIGIN)

    assert calls_ms(simulated(path, at_ms(0, 10, location=[0, 1]))) == [0, 10]


def test_an_error_that_is_not_stored_is_shared_with_nobody() -> None:
    """Three who waited run the worker at 100 ms, each for itself."""
    outcomes = simulated(failing(503, scope="location"), at_ms(0, 10, 20, 30))

    assert calls_ms(outcomes) == [0, 100, 100, 100]
    assert statuses(outcomes) == [503] * 4


def test_a_404_is_stored_for_three_minutes_and_shared() -> None:
    """By the table of responses without Cache-Control."""
    path, late = failing(404, scope="location"), 100 + 180_000
    outcomes = simulated(path, at_ms(0, 10, late - 1, late))

    assert calls_ms(outcomes) == [0, late]


@pytest.mark.parametrize(
    ("limit", "status", "lookup"),
    [("unlimited", 200, Lookup.STALE), ("0s", 503, Lookup.MISS)],
)
def test_expired_content_stands_in_for_an_error_unless_that_is_forbidden(
    limit: str, status: int, lookup: Lookup
) -> None:
    """Whoever asks tries again: two calls fail, an hour apart."""
    fields = {"ttl": "1s", "scope": "location", "stale_if_error": limit}
    outcomes = simulated(failing(503, since=2, **fields), at_ms(0, 2_000, 3_600_000))

    assert calls_ms(outcomes) == [0, 2_000, 3_600_000]
    assert statuses(outcomes) == [200, status, status]
    assert lookups(outcomes) == [Lookup.MISS, lookup, lookup]


def test_those_who_wait_for_a_renewal_that_fails_get_the_expired_content() -> None:
    """One call for both."""
    path = failing(500, since=2, ttl="1s", scope="location")
    outcomes = simulated(path, at_ms(0, 2_000, 2_050))

    assert hits(outcomes) == 2
    assert statuses(outcomes) == [200] * 3
    assert latencies_ms(outcomes) == [100, 100, 50]


def _cpu_ms(requests: Requests, *layers: Any) -> tuple[float, float]:
    names: dict[str, Any] = {"keys": ["a"], "locations": ["icn", "lhr"]}
    path, cpu_ns = a_path(*layers, ORIGIN), NS_PER_S // 1_000
    usage = simulate(path, [requests], seed=1, **names, cpu_ns=cpu_ns).usage
    return usage["worker_requests"], usage["worker_cpu_ms"]


def test_a_hit_of_either_tier_costs_a_request_and_no_cpu() -> None:
    """One leads, one follows, one hits here, one at the upper tier: 1 ms of 1 ms."""
    requests = at_ms(0, 10, 1_000, 2_000, location=[0, 0, 0, 1])

    assert _cpu_ms(requests, CACHE, "kv.read", "kv.write") == (4, 1)


def test_a_hit_of_the_cache_api_costs_the_cpu_of_a_run() -> None:
    """The code that looks is the worker's."""
    requests = at_ms(0, 10, 1_000, 2_000, location=[0, 0, 0, 1])

    assert _cpu_ms(requests, "cache_api") == (4, 4)


def test_a_purge_reaches_both_tiers_under_one_name() -> None:
    """At 500 ms; the next request runs the worker."""
    purge = Purge.model_validate({"at": "500ms", "stores": ["workers_cache"]})
    outcomes = simulated(
        a_path(CACHE, ORIGIN), at_ms(0, 499, 500), agenda=Agenda((purge,))
    )

    assert calls_ms(outcomes) == [30, 530]


def test_time_in_the_upper_tier_counts() -> None:
    """Stored there at 130 ms for 1 s: the other location keeps it until then too."""
    path = a_path({"workers_cache": {"hop": "30ms", "ttl": "1s"}}, ORIGIN)
    outcomes = simulated(path, at_ms(0, 1_000, 1_129, 1_130, location=[0, 1, 1, 1]))

    assert calls_ms(outcomes) == [30, 1_160]
    assert latencies_ms(outcomes) == [160, 60, 0, 160]
