"""redis.read: hand-computed timelines; a command of 2 ms acts after 1 ms."""

from typing import Any

import pytest

from simcoalesce import Scenario, replicate
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    latencies_ms,
    lookups,
    simulated,
    statuses,
)

MISS, HIT, STALE = Lookup.MISS, Lookup.HIT, Lookup.STALE
SOFT = {"ttl": "10s", "soft_ttl": "1s"}
DOWN = {"kind": "window", "from": "500ms", "until": "1h", "status": 503}


def cached(
    write: dict[str, Any] | None = None, *, faults: Any = (), **read: Any
) -> list[Layer]:
    """Return an origin of 120 ms behind a Redis of 2 ms."""
    return a_path(
        {"redis.read": {"latency": "2ms", **read}},
        {"redis.write": {"latency": "2ms", **(write or {})}},
        an_origin("120ms", faults=list(faults)),
    )


def early(**read: Any) -> list[Layer]:
    """Return a Redis whose hits nearly all refresh: beta is 1,000."""
    return cached({"ttl": "1s"}, xfetch={"beta": 1_000}, **read)


def test_a_miss_takes_a_get_a_fetch_and_a_set() -> None:
    """2 + 120 + 2 ms; the call is made when the GET is back."""
    outcomes = simulated(cached(), at_ms(0))

    assert (latencies_ms(outcomes), calls_ms(outcomes)) == ([124], [2])


@pytest.mark.parametrize(("arrival", "lookup"), [(121.9, MISS), (122, HIT)])
def test_a_get_sees_what_is_set_when_it_gets_there(arrival: float, lookup: int) -> None:
    """The SET acts at 123 ms, and a GET of the same instant comes after it."""
    assert lookups(simulated(cached(), at_ms(0, arrival)))[1] == lookup


def test_all_locations_share_one_store() -> None:
    """What one has set, another finds at once."""
    outcomes = simulated(cached(), at_ms(0, 122, location=[0, 1]))

    assert lookups(outcomes) == [MISS, HIT]
    assert latencies_ms(outcomes) == [124, 2]


def test_commands_are_counted() -> None:
    """A miss is a GET and a SET, a hit a GET."""
    assert simulated(cached(), at_ms(0, 130)).usage["redis_commands"] == 3


def test_commands_have_the_price_that_a_scenario_says() -> None:
    """Three commands of 10 USD per 100: 30 cents."""
    scenario = Scenario.parse(
        """
        traffic: {arrivals: [{kind: even, requests: 2, every_request: 1s}]}
        prices: {redis_commands: 10 per 100}
        origin: {latency: 120ms}
        path: [redis.read, redis.write, origin]
        """
    )
    bill = replicate(scenario, seed=1, replications=1).bill
    priced = {line.unit: line.usd for line in bill.run.lines}

    assert priced["redis_commands"] == pytest.approx(0.3)


def test_what_is_early_is_fetched_by_every_hit_which_waits() -> None:
    """Also while another one fetches: each takes 2 + 120 + 2 ms."""
    outcomes = simulated(early(), at_ms(0, 200, 210, 220))

    assert calls_ms(outcomes) == [2, 202, 212, 222]
    assert latencies_ms(outcomes) == [124] * 4


def test_an_early_fetch_that_fails_answers_with_the_value() -> None:
    """At 600 ms the origin is down; the value of 123 ms is there."""
    path = cached({"ttl": "1s"}, faults=[DOWN], xfetch={"beta": 1_000})
    outcomes = simulated(path, at_ms(0, 600))

    assert (calls_ms(outcomes), statuses(outcomes)) == ([2, 602], [200, 200])
    assert lookups(outcomes) == [MISS, HIT]


def test_an_early_fetch_can_be_one_in_each_isolate() -> None:
    """The third is in another isolate than the first two."""
    outcomes = simulated(
        early(dedupe="isolate"), at_ms(0, 200, 210, 220, isolate=[0, 0, 0, 1])
    )

    assert calls_ms(outcomes) == [2, 202, 222]
    assert latencies_ms(outcomes) == [124, 124, 2, 124]


def test_an_early_fetch_can_be_one_for_all_by_a_lock() -> None:
    """Who gets it waits 2 ms for it, and 2 ms to free it; who does not, 2 ms."""
    outcomes = simulated(
        early(dedupe="global"), at_ms(0, 200, 210, 220, isolate=[0, 0, 0, 1])
    )

    assert calls_ms(outcomes) == [2, 204]
    assert latencies_ms(outcomes) == [124, 128, 4, 4]


def test_an_early_fetch_can_be_made_in_the_background() -> None:
    """Then every hit takes a GET."""
    outcomes = simulated(early(refresh="background"), at_ms(0, 200, 210))

    assert calls_ms(outcomes) == [2, 202, 212]
    assert latencies_ms(outcomes) == [124, 2, 2]


@pytest.mark.parametrize(("arrival", "lookup"), [(1_121.9, HIT), (1_122, STALE)])
def test_from_its_soft_ttl_on_a_value_is_served_and_refreshed(
    arrival: float, lookup: int
) -> None:
    """It is set at 123 ms; beyond 1,123 ms the answer is as quick, and one calls."""
    outcomes = simulated(cached(SOFT), at_ms(0, arrival))

    assert (lookups(outcomes)[1], latencies_ms(outcomes)[1]) == (lookup, 2)
    assert calls_ms(outcomes) == ([2, 1_124] if lookup == STALE else [2])


def test_a_refresh_makes_the_value_fresh_again() -> None:
    """Asked for at 2,002 ms, it is set at 2,123 ms."""
    outcomes = simulated(cached(SOFT), at_ms(0, 2_000, 2_121, 2_122))

    assert lookups(outcomes) == [MISS, STALE, STALE, HIT]
    assert calls_ms(outcomes) == [2, 2_002]


@pytest.mark.parametrize(
    ("dedupe", "calls"),
    [
        ("none", [2, 2_002, 2_012, 2_022]),
        ("isolate", [2, 2_002, 2_022]),
        ("global", [2, 2_004]),
    ],
)
def test_a_refresh_is_shared_with_nobody_in_an_isolate_or_with_all(
    dedupe: str, calls: list[float]
) -> None:
    """The lock of all costs the refresh 2 ms, and the answer nothing."""
    requests = at_ms(0, 2_000, 2_010, 2_020, isolate=[0, 0, 0, 1])
    outcomes = simulated(cached(SOFT, dedupe=dedupe), requests)

    assert calls_ms(outcomes) == calls
    assert latencies_ms(outcomes) == [124, 2, 2, 2]


@pytest.mark.parametrize(
    ("dedupe", "calls"),
    [("isolate", [2, 2_002, 2_402]), ("global", [2, 2_004, 2_404])],
)
def test_after_a_failed_refresh_no_other_begins_for_a_while(
    dedupe: str, calls: list[float]
) -> None:
    """It fails at 2,122 or 2,124 ms; the back-off is of 200 ms."""
    path = cached(SOFT, faults=[DOWN], dedupe=dedupe, back_off="200ms")
    outcomes = simulated(path, at_ms(0, 2_000, 2_200, 2_400))

    assert calls_ms(outcomes) == calls
    assert statuses(outcomes) == [200] * 4


def test_a_refresh_can_be_waited_for_by_who_makes_it() -> None:
    """As dogpile does: the others get the old value at once."""
    path = cached(SOFT, refresh="foreground", dedupe="isolate")
    outcomes = simulated(path, at_ms(0, 2_000, 2_010))

    assert latencies_ms(outcomes) == [124, 124, 2]
    assert lookups(outcomes) == [MISS, MISS, STALE]


def test_the_lock_of_a_refresh_that_is_stopped_ends_by_itself() -> None:
    """Taken at 2,003 ms by a client that leaves at 2,050 ms, for 500 ms."""
    path = cached(SOFT, refresh="foreground", dedupe="global", refresh_lock_ttl="500ms")
    client = a_path({"timeout": {"after": "130ms", "cancels": True}}, an_origin())[:1]
    slow = {"kind": "calls", "from": 2, "to": 2, "status": 200, "takes": "1s"}
    path = [*client, *path[:-1], *a_path(an_origin("120ms", faults=[slow]))]
    outcomes = simulated(path, at_ms(0, 2_000, 2_500, 2_503))

    assert calls_ms(outcomes) == [2, 2_004, 2_507]
    assert statuses(outcomes) == [200, 504, 200, 200]


@pytest.mark.parametrize(("arrival", "status"), [(2_122.9, 200), (2_123, 503)])
def test_an_expired_value_stands_in_for_an_error_for_its_time(
    arrival: float, status: int
) -> None:
    """It is gone at 1,124 ms, and stands in for 1 s more."""
    path = cached({"ttl": "1s"}, faults=[DOWN], stale_if_error="1s")
    outcomes = simulated(path, at_ms(0, arrival))

    assert statuses(outcomes) == [200, status]
    assert lookups(outcomes)[1] == (STALE if status == 200 else MISS)


def test_commands_that_take_no_time_act_in_their_order() -> None:
    """A SET at 120 ms is seen by a GET at 120 ms."""
    path = a_path(
        {"redis.read": {"latency": "0ms"}},
        {"redis.write": {"latency": "0ms"}},
        an_origin("120ms"),
    )
    outcomes = simulated(path, at_ms(0, 119, 120))

    assert latencies_ms(outcomes) == [120, 120, 0]
