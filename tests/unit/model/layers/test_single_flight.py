"""single_flight: one fetch of a key at a time in each isolate."""

import pytest

from simcoalesce.model.layers.single_flight import SingleFlight
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    roles,
    simulated,
    statuses,
)

SLOW_FIRST = [{"kind": "window", "from": "0ms", "until": "1ms", "takes": "1s"}]
"""The call of the first millisecond does not end before its caller has left."""


def test_misses_of_an_isolate_share_a_fetch() -> None:
    """Three requests within one fetch wait for the same answer."""
    outcomes = simulated(a_path("single_flight", an_origin("120ms")), at_ms(0, 40, 100))

    assert (latencies_ms(outcomes), roles(outcomes)) == ([120, 80, 20], [1, 2, 2])


def test_isolates_share_nothing() -> None:
    """Each of three isolates fetches once."""
    requests = at_ms(0, 1, 2, 3, 4, 5, isolate=[0, 1, 2, 0, 1, 2])

    assert hits(simulated(a_path("single_flight", an_origin()), requests)) == 3


def test_keys_share_nothing() -> None:
    """Each of two keys is fetched."""
    outcomes = simulated(
        a_path("single_flight", an_origin()), at_ms(0, 1, 2, key=[0, 1, 0])
    )

    assert (hits(outcomes), roles(outcomes)) == (2, [1, 1, 2])


def test_the_next_request_after_a_flight_opens_another() -> None:
    """A flight of [0, 120) is not joined at 120 ms."""
    outcomes = simulated(a_path("single_flight", an_origin("120ms")), at_ms(0, 120))

    assert calls_ms(outcomes) == [0, 120]


def test_followers_share_the_refusal() -> None:
    """One 429 of the origin is answered to all who waited for it."""
    limit = {"kind": "fixed_window", "limit": 1, "per": "1s"}
    path = a_path("single_flight", an_origin("10ms", rate_limit=limit))
    outcomes = simulated(path, at_ms(0, 20, 25, 29))

    assert statuses(outcomes) == [200, 429, 429, 429]
    assert latencies_ms(outcomes) == [10, 10, 5, 1]


@pytest.mark.parametrize(
    ("cleanup", "later"),
    [("finally", 200), ("on_failure", 200), ("on_success", 500), ("never", 500)],
)
def test_a_first_failure_poisons_a_key_that_is_not_cleaned_up(
    cleanup: str, later: int
) -> None:
    """Under `on_success` every later request gets the first failure."""
    fault = {"kind": "first", "calls": 1}
    layer = {"single_flight": {"cleanup": cleanup}}
    outcomes = simulated(
        a_path(layer, an_origin(faults=[fault])), at_ms(0, 1_000, 2_000)
    )

    assert statuses(outcomes) == [500, later, later]


@pytest.mark.parametrize(
    ("cleanup", "calls"),
    [("finally", 3), ("on_success", 3), ("on_failure", 1), ("never", 1)],
)
def test_a_first_success_is_served_for_ever_if_it_stays(
    cleanup: str, calls: int
) -> None:
    """Under `on_failure` the origin is never asked again."""
    layer = {"single_flight": {"cleanup": cleanup}}

    assert hits(simulated(a_path(layer, an_origin()), at_ms(0, 1_000, 9_000))) == calls


def test_a_bound_leader_that_is_cancelled_poisons_its_key() -> None:
    """The client leaves at 50 ms: its follower fails then, later ones at once."""
    path = a_path(
        {"timeout": {"after": "50ms", "cancels": True}},
        {"single_flight": {"leader_bound": True}},
        an_origin("120ms"),
    )
    outcomes = simulated(path, at_ms(0, 30, 500))

    assert statuses(outcomes) == [504, 500, 500]
    assert latencies_ms(outcomes) == [50, 20, 0]


LEAVING = {"timeout": {"after": "50ms", "cancels": True}}


def test_a_leader_that_leaves_can_fail_its_followers_and_free_the_key() -> None:
    """It leaves at 50 ms: the follower of 30 ms fails then, 60 ms fetches again."""
    flights = {"single_flight": {"leader_leaves": "error_and_forget"}}
    path = a_path(LEAVING, flights, an_origin("40ms", faults=SLOW_FIRST))
    outcomes = simulated(path, at_ms(0, 30, 60, 70))

    assert statuses(outcomes) == [504, 500, 200, 200]
    assert latencies_ms(outcomes) == [50, 20, 40, 30]


def test_a_leader_that_leaves_can_leave_silence() -> None:
    """Its followers, and all who come later, wait until their own time-outs."""
    flights = {"single_flight": {"leader_leaves": "silence"}}
    path = a_path(LEAVING, flights, an_origin("40ms", faults=SLOW_FIRST))
    outcomes = simulated(path, at_ms(0, 30, 500))

    assert statuses(outcomes) == [504, 504, 504]
    assert latencies_ms(outcomes) == [50, 50, 50]
    assert hits(outcomes) == 1


def test_what_happens_when_leaders_leave_binds_flights_to_them() -> None:
    """`leader_leaves` alone is enough; with `leader_bound: false` it contradicts."""
    (alone, _) = a_path({"single_flight": {"leader_leaves": "silence"}}, an_origin())
    with pytest.raises(ValueError, match="write leader_bound: true"):
        a_path({"single_flight": {"leader_leaves": "silence", "leader_bound": False}})

    assert isinstance(alone, SingleFlight)
    assert alone.leader_bound


def test_a_flight_is_joined_until_it_is_forgotten() -> None:
    """At 49 ms it is joined, at 50 ms another begins, which the first leaves alone."""
    flights = {"single_flight": {"forget_after": "50ms"}}
    outcomes = simulated(a_path(flights, an_origin("70ms")), at_ms(0, 49, 50, 80))

    assert calls_ms(outcomes) == [0, 50]
    assert latencies_ms(outcomes) == [70, 21, 70, 40]


def test_each_waiter_forgets_what_is_there_when_its_time_is_up() -> None:
    """Those of 0, 10 and 55 ms forget at 50, 60 and 105 ms, each another one."""
    flights = {"single_flight": {"forget_after": "50ms", "forgotten_by": "each_waiter"}}
    outcomes = simulated(
        a_path(flights, an_origin("120ms")), at_ms(0, 10, 55, 59, 60, 104, 105)
    )

    assert calls_ms(outcomes) == [0, 55, 60, 105]
    assert latencies_ms(outcomes) == [120, 110, 120, 116, 120, 76, 120]


def test_a_waiter_that_has_left_forgets_nothing() -> None:
    """Both leave at 50 ms, so nobody is there at 60 ms to forget the flight."""
    flights = {"single_flight": {"forget_after": "60ms", "forgotten_by": "each_waiter"}}
    path = a_path(LEAVING, flights, an_origin("120ms"))

    assert calls_ms(simulated(path, at_ms(0, 0, 100))) == [0]


@pytest.mark.parametrize("forgotten_by", ["age", "each_waiter"])
def test_a_poisoned_key_is_forgotten_with_its_entry(forgotten_by: str) -> None:
    """Only age ends an entry that nobody waits for: 500 until 99 ms, then a fetch."""
    rules = {"forget_after": "100ms", "forgotten_by": forgotten_by}
    flights = {"single_flight": {"leader_bound": True, **rules}}
    path = a_path(LEAVING, flights, an_origin("40ms", faults=SLOW_FIRST))
    outcomes = simulated(path, at_ms(0, 99, 100))

    last = 200 if forgotten_by == "age" else 500
    assert statuses(outcomes) == [504, 500, last]


def test_a_leader_under_wait_until_may_leave() -> None:
    """The flight goes on, and who joined late enough gets its answer."""
    path = a_path(
        {"timeout": {"after": "50ms", "cancels": True}},
        "single_flight",
        an_origin("120ms"),
    )
    outcomes = simulated(path, at_ms(0, 80))

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([504, 200], [50, 40])


def test_a_leader_that_finds_a_hit_keeps_the_look_up() -> None:
    """Role and look-up are orthogonal: it opened the flight, and the cache had it."""
    write = {"kv.write": {"write_latency": "0ms"}}
    path = a_path("single_flight", "kv.read", write, an_origin("10ms"))
    outcomes = simulated(path, at_ms(0, 100, 102))

    assert roles(outcomes) == [1, 1, 2]
    assert outcomes.request_rows.lookup.tolist() == [0, 1, 1]
