"""single_flight: one fetch of a key at a time in each isolate."""

import pytest

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
