"""redis.write: hand-computed timelines; a command of 2 ms acts after 1 ms."""

from typing import Any

import pytest

from simcoalesce.model.change import Agenda
from simcoalesce.model.changes.purge import Purge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    lookups,
    simulated,
)

MISS, HIT = Lookup.MISS, Lookup.HIT
NOT_FOUND = {"kind": "random", "probability": 1, "status": 404}


def cached(*, latency: str = "2ms", faults: Any = (), **write: Any) -> list[Layer]:
    """Return an origin of 120 ms behind a Redis."""
    return a_path(
        {"redis.read": {"latency": latency}},
        {"redis.write": {"latency": latency, **write}},
        an_origin("120ms", faults=list(faults)),
    )


@pytest.mark.parametrize(
    ("latency", "arrival", "lookup"),
    [
        ("2ms", 1_122.9, HIT),
        ("2ms", 1_123, MISS),
        ("1ms", 1_121.4, HIT),
        ("1ms", 1_121.5, MISS),
    ],
)
def test_a_value_is_served_to_the_end_of_its_last_millisecond(
    latency: str, arrival: float, lookup: int
) -> None:
    """Set at 123 ms for 1 s, gone at 1,124 ms; set at 121.5 ms, gone at 1,122 ms."""
    path = cached(latency=latency, ttl="1s")

    assert lookups(simulated(path, at_ms(0, arrival)))[1] == lookup


@pytest.mark.parametrize(("arrival", "lookup"), [(1_172.9, HIT), (1_173, MISS)])
def test_a_later_fill_renews_the_ttl(arrival: float, lookup: int) -> None:
    """Two that miss set it at 123 and 173 ms: it is gone at 1,174 ms."""
    outcomes = simulated(cached(ttl="1s"), at_ms(0, 50, arrival))

    assert calls_ms(outcomes)[:2] == [2, 52]
    assert lookups(outcomes)[2] == lookup


def test_an_error_is_not_stored() -> None:
    """Every request of a missing key reaches the origin."""
    outcomes = simulated(cached(faults=[NOT_FOUND]), at_ms(0, 200, 400))

    assert hits(outcomes) == 3
    assert latencies_ms(outcomes) == [122] * 3


def test_an_error_is_stored_for_its_own_ttl() -> None:
    """A 404 is set at 123 ms for 200 ms, gone at 324 ms."""
    path = cached(faults=[NOT_FOUND], error_ttl={404: "200ms"}, soft_ttl="10ms")
    outcomes = simulated(path, at_ms(0, 200, 322.9, 323))

    assert calls_ms(outcomes) == [2, 325]
    assert latencies_ms(outcomes) == [124, 2, 2, 124]


def test_each_set_has_its_own_jitter() -> None:
    """go-zero's 5 %: 100 keys are gone between 950 and 1,051 ms, not together."""
    keys = [*range(100)]
    requests = at_ms(*[0] * 100, *[1_000] * 100, *[1_200] * 100, key=keys * 3)
    found = lookups(simulated(cached(ttl="1s", ttl_jitter="5%"), requests))

    assert found[100:200] == [HIT] * 100
    assert found[200:] == [MISS] * 100
    near = lookups(
        simulated(
            cached(ttl="1s", ttl_jitter="5%"),
            at_ms(*[0] * 100, *[1_122] * 100, key=keys * 2),
        )
    )
    assert 30 < near[100:].count(HIT) < 70


@pytest.mark.parametrize(
    ("acknowledge", "takes"), [("await", 124), ("background", 122)]
)
def test_an_answer_waits_for_its_set_or_does_not(
    acknowledge: str, takes: float
) -> None:
    """The SET acts at 123 ms all the same."""
    outcomes = simulated(cached(acknowledge=acknowledge), at_ms(0, 121.9, 122))

    assert latencies_ms(outcomes)[0] == takes
    assert lookups(outcomes) == [MISS, MISS, HIT]


def test_a_set_that_is_under_way_acts_though_its_client_leaves() -> None:
    """Sent at 122 ms, its client leaves at 122.5 ms."""
    client = a_path({"timeout": {"after": "122500us", "cancels": True}}, an_origin())
    outcomes = simulated([client[0], *cached()], at_ms(0, 122))

    assert lookups(outcomes)[1] == HIT


def test_a_soft_ttl_is_the_shorter_one() -> None:
    """Otherwise a value is gone before it is refreshed."""
    with pytest.raises(ValueError, match="soft_ttl is not shorter than ttl"):
        a_path({"redis.write": {"ttl": "1s", "soft_ttl": "1s"}}, an_origin())


def purged_at(at: str) -> Agenda:
    """Return the purge of all keys at an instant."""
    return Agenda([Purge.model_validate({"at": at})])


def test_a_purge_drops_what_is_set() -> None:
    """Set at 123 ms, purged at 200 ms, fetched again at 202 ms."""
    outcomes = simulated(cached(), at_ms(0, 198, 200), agenda=purged_at("200ms"))

    assert calls_ms(outcomes) == [2, 202]
    assert lookups(outcomes) == [MISS, HIT, MISS]


@pytest.mark.parametrize("shared", [[], ["single_flight"], ["distributed_lock"]])
def test_an_answer_under_way_at_a_purge_is_served_for_its_whole_ttl(
    shared: list[str],
) -> None:
    """Fetched from 0 ms on, purged at 60 ms: at 60 s it is as old as that."""
    quick = {"latency": "0ms"}
    middle = [
        {"distributed_lock": quick} if one != "single_flight" else one for one in shared
    ]
    path = a_path(
        {"redis.read": quick}, *middle, {"redis.write": quick}, an_origin("120ms")
    )
    outcomes = simulated(path, at_ms(0, 130, 60_000), agenda=purged_at("60ms"))

    assert calls_ms(outcomes) == [0]
    assert outcomes.request_rows.age_ns[2] == 60_000 * MS - 120 * MS


def test_redis_can_be_warm_at_the_start() -> None:
    """Half of its ttl old, it is gone at half a second and a millisecond."""
    warm = {"keys": "all", "age": "500ms"}
    outcomes = simulated(
        cached(latency="0ms", ttl="1s", initial=warm), at_ms(0, 500, 501)
    )

    assert lookups(outcomes) == [HIT, HIT, MISS]


def test_redis_can_be_as_small_as_one_entry() -> None:
    """The second key takes the place of the first."""
    path = cached(latency="0ms", max_entries=1)
    outcomes = simulated(path, at_ms(0, 200, 400, 600, key=[0, 0, 1, 0]))

    assert calls_ms(outcomes) == [0, 400, 600]
