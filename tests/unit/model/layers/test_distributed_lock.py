"""distributed_lock: hand-computed timelines; without a latency commands take 0 ms."""

from typing import Any

import pytest

from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup, Outcomes, Role
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

FAILS_ONCE = {"kind": "first", "calls": 1}
DOWN = {"kind": "window", "from": "500ms", "until": "1h", "status": 503}


def locked(
    *,
    latency: str = "0ms",
    origin: str = "120ms",
    ttl: str = "1h",
    faults: Any = (),
    **lock: Any,
) -> list[Layer]:
    """Return an origin behind a Redis with a lock for each key."""
    return a_path(
        {"redis.read": {"latency": latency}},
        {"distributed_lock": {"latency": latency, **lock}},
        {"redis.write": {"latency": latency, "ttl": ttl}},
        an_origin(origin, faults=list(faults)),
    )


def without_first_layers(path: list[Layer], *clients: Any) -> list[Layer]:
    """Return a path with layers of clients in front."""
    return [*a_path(*clients, an_origin())[:-1], *path]


def test_who_gets_the_lock_takes_five_steps() -> None:
    """GET, NX, fetch, SET, DEL: 2 + 2 + 120 + 2 + 2 ms."""
    outcomes = simulated(locked(latency="2ms"), at_ms(0))

    assert (latencies_ms(outcomes), calls_ms(outcomes)) == ([128], [4])
    assert outcomes.usage["redis_commands"] == 4


def test_who_waits_looks_each_poll_and_get() -> None:
    """At 14 ms it has lost; the GETs of 27 ms after each other, the fifth at 147 ms."""
    outcomes = simulated(locked(latency="2ms"), at_ms(0, 10))

    assert latencies_ms(outcomes) == [128, 139]
    assert roles(outcomes) == [Role.LEADER, Role.FOLLOWER]
    assert hits(outcomes) == 1


def test_a_poll_of_10_ms_comes_every_12() -> None:
    """Poll, a GET of 1 ms, and a timer lag of 1 ms: it is there after 108, not 100 ms.

    The request of 10 ms loses at 12 ms; its GETs act at 23.5, 35.5 ... and the ninth,
    at 119.5 ms, is before the SET (122.5 ms), the tenth after it.
    """
    path = locked(latency="1ms", poll="10ms", timer_lag="1ms")
    outcomes = simulated(path, at_ms(0, 10))

    assert latencies_ms(outcomes)[1] == 2 + 10 * 12


def test_losers_that_time_out_before_the_fetch_ends_are_the_stampede() -> None:
    """A fetch of 3 s: with a wait of 2 s all 400 call, with one of 4 s one does."""
    burst = at_ms(*[0.25 * number for number in range(400)])
    calls = {
        wait: hits(simulated(locked(origin="3s", wait=wait, lock_ttl="10s"), burst))
        for wait in ("2s", "4s")
    }

    assert calls == {"2s": 400, "4s": 1}


def test_what_is_fetched_after_the_wait_is_stored() -> None:
    """Lost at 10 ms, it sleeps at 10 and 35 ms, not at 60 ms, and fetches at 60 ms."""
    path = locked(origin="1s", wait="50ms")
    outcomes = simulated(path, at_ms(0, 10, 1_000))

    assert calls_ms(outcomes) == [0, 60]
    assert lookups(outcomes)[2] == Lookup.HIT
    assert outcomes.usage["lock_waits_ended"] == 1


def test_an_error_after_the_wait_is_its_own() -> None:
    """A 503 of the lock, in no time."""
    outcomes = simulated(
        locked(origin="1s", wait="50ms", on_timeout="error"), at_ms(0, 10)
    )

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([200, 503], [1_000, 50])
    assert outcomes.layers[outcomes.request_rows.served_by[1]] == "distributed_lock"


@pytest.mark.parametrize(
    ("first_ms", "lookup", "calls"), [(0, Lookup.STALE, 2), (300, Lookup.MISS, 3)]
)
def test_an_expired_value_is_served_after_the_wait_if_there_is_one(
    first_ms: int, lookup: int, calls: int
) -> None:
    """The first fills a key at 120 ms for 100 ms: of the two others', or of another."""
    path = locked(ttl="100ms", wait="25ms", on_timeout="stale")
    outcomes = simulated(path, at_ms(0, 300, 310, key=[int(first_ms > 0), 0, 0]))

    assert lookups(outcomes)[2] == lookup
    assert hits(outcomes) == calls


def test_after_the_wait_the_lock_may_be_tried_again() -> None:
    """Its holder fails at 120 ms; lost at 10 ms, asked for again at 60, 110, 160 ms."""
    path = locked(
        faults=[{**FAILS_ONCE, "takes": "120ms"}], wait="50ms", on_timeout="retry_lock"
    )

    assert calls_ms(simulated(path, at_ms(0, 10))) == [0, 160]


def test_a_failure_is_its_holders_own_and_frees_the_lock() -> None:
    """The newcomer of 130 ms gets the lock; who waits finds its value at 260 ms."""
    path = locked(faults=[{**FAILS_ONCE, "takes": "120ms"}])
    outcomes = simulated(path, at_ms(0, 10, 130))

    assert calls_ms(outcomes) == [0, 130]
    assert statuses(outcomes) == [500, 200, 200]
    assert latencies_ms(outcomes) == [120, 250, 120]


def test_who_waits_may_try_the_lock_after_each_look() -> None:
    """The holder fails at 120 ms; the next poll is at 135 ms."""
    path = locked(faults=[{**FAILS_ONCE, "takes": "120ms"}], asks="both")

    assert calls_ms(simulated(path, at_ms(0, 10))) == [0, 135]


def test_a_lock_of_a_quarter_of_the_fetch_makes_four_fetches() -> None:
    """One of 250 ms is gone at 251 ms: the newcomer of 260 ms has it, and so on."""
    path = locked(origin="1s", lock_ttl="250ms")
    outcomes = simulated(path, at_ms(*range(0, 1_300, 10)))

    assert calls_ms(outcomes) == [0, 260, 520, 780]
    assert outcomes.usage["locks_lost"] == 4


def test_a_heartbeat_keeps_the_lock() -> None:
    """However short it is."""
    path = locked(origin="1s", lock_ttl="250ms", heartbeat=True)

    assert calls_ms(simulated(path, at_ms(*range(0, 1_300, 10)))) == [0]


@pytest.mark.parametrize(("recheck", "calls"), [(False, [10, 134]), (True, [10])])
def test_a_get_before_the_set_and_a_lock_after_the_del_fetch_once_more(
    *, recheck: bool, calls: list[float]
) -> None:
    """The value is set, and the lock free, at 130 ms; a GET of 10 ms saw at 129 ms."""
    get, *rest = locked(recheck=recheck)
    slow = a_path({"redis.read": {"latency": "10ms"}}, an_origin())[0]
    outcomes = simulated([slow, *rest], at_ms(0, 124))

    assert get.kind == slow.kind
    assert calls_ms(outcomes) == calls


@pytest.mark.parametrize(
    ("release", "calls"), [("token", [0, 110]), ("plain", [0, 110, 130])]
)
def test_a_plain_del_may_free_the_lock_of_another(
    release: str, calls: list[float]
) -> None:
    """The first loses its lock at 101 ms to the second, and fails at 120 ms."""
    path = locked(
        faults=[{**FAILS_ONCE, "takes": "120ms"}], lock_ttl="100ms", release=release
    )

    assert calls_ms(simulated(path, at_ms(0, 110, 130))) == calls


def test_a_lock_that_nobody_frees_ends_by_itself() -> None:
    """Set at 0 ms for 200 ms; its fetch fails at 120 ms."""
    path = locked(
        faults=[{**FAILS_ONCE, "takes": "120ms"}], lock_ttl="200ms", release="none"
    )

    assert calls_ms(simulated(path, at_ms(0, 130, 200, 201))) == [0, 201]


def test_a_lock_with_a_heartbeat_ends_after_its_holder() -> None:
    """Nobody frees it: renewed to 120 ms, it is gone at 321 ms."""
    path = locked(
        faults=[{**FAILS_ONCE, "takes": "120ms"}],
        lock_ttl="200ms",
        release="none",
        heartbeat=True,
    )

    assert calls_ms(simulated(path, at_ms(0, 130, 320, 321))) == [0, 321]


def test_a_client_that_leaves_frees_the_lock() -> None:
    """At 50 ms; the newcomer of 60 ms fetches, and is answered at 110 ms at most."""
    client = {"timeout": {"after": "50ms", "cancels": True}}
    outcomes = simulated(without_first_layers(locked(), client), at_ms(0, 60, 120))

    assert calls_ms(outcomes) == [0, 60, 120]


def test_a_lock_may_be_asked_for_alone() -> None:
    """As redis-py's: tried at 110 and 210 ms, or at 120 ms, it finds the value."""
    path = locked(asks="lock", recheck=True, poll="100ms", lock_ttl="unlimited")
    outcomes = simulated(path, at_ms(0, 10, 20))

    assert hits(outcomes) == 1
    assert latencies_ms(outcomes) == [120, 200, 100]


def test_locks_of_keys_are_apart() -> None:
    """Two keys, two calls at once."""
    assert calls_ms(simulated(locked(), at_ms(0, 10, key=[0, 1]))) == [0, 10]


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        ({"wait": "unlimited"}, "requests wait for ever if the holder's fetch fails"),
        ({"wait": "0ms", "on_timeout": "retry_lock"}, "nobody ever sleeps"),
        (
            {"wait": "unlimited", "asks": "both", "lock_ttl": "unlimited"},
            "a lock that never expires may be waited for for ever",
        ),
        ({"on_timeout": "retry_lock", "lock_ttl": "unlimited"}, "never expires"),
        ({"on_timeout": "retry_lock", "heartbeat": True}, "never expires"),
    ],
)
def test_nobody_waits_for_ever(lock: dict[str, Any], message: str) -> None:
    """Since a run would not end."""
    with pytest.raises(ValueError, match=message):
        locked(**lock)


def test_a_burst_with_single_flight_takes_the_lock_once_in_each_isolate() -> None:
    """Four isolates: four that try, one call."""
    path = a_path(
        {"redis.read": {"latency": "0ms"}},
        "single_flight",
        {"distributed_lock": {"latency": "0ms"}},
        {"redis.write": {"latency": "0ms"}},
        an_origin("120ms"),
    )
    outcomes: Outcomes = simulated(
        path, at_ms(*[0] * 40, isolate=[number % 4 for number in range(40)])
    )

    assert hits(outcomes) == 1
    assert set(latencies_ms(outcomes)) == {120, 125}
