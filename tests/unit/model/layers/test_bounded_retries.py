"""bounded_retries: readers wait for a writer, and not for long (Traffic Server)."""

from collections.abc import Sequence
from typing import Any

import pytest

from simcoalesce.outcomes import Lookup, Role
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

FROM_1_S = [{"kind": "window", "from": "1s", "until": "1h", "status": 503}]
EXACT = {"timer_lag": "0ms"}
ALWAYS = [{"kind": "random", "probability": 1}]


def cached(latency: str, *, faults: Sequence[Any] = (), **fields: Any) -> list[Any]:
    """Return a cache with exact timers before an origin."""
    origin = an_origin(latency, faults=list(faults))
    return a_path({"bounded_retries": EXACT | fields}, origin)


def with_status(status: int) -> list[Any]:
    """Return the faults of an origin that fails from t = 1 s on."""
    return [FROM_1_S[0] | {"status": status}]


def test_a_cold_burst_costs_one_call_if_the_fetch_is_quick() -> None:
    """Whoever finds the key open looks again until it is closed."""
    outcomes = simulated(cached("850ms"), at_ms(*range(100)))

    assert hits(outcomes) == 1
    assert roles(outcomes) == [Role.LEADER] + [Role.FOLLOWER] * 99


@pytest.mark.parametrize(
    ("fetch", "wait"),
    [(40, 50), (60, 100), (110, 200), (800, 800), (801, 900), (900, 900)],
)
def test_a_reader_looks_after_50_and_100_ms_and_then_each_100_ms(
    fetch: int, wait: int
) -> None:
    """The delay is doubled from the third look on, and there are ten: 900 ms."""
    outcomes = simulated(cached(f"{fetch}ms"), at_ms(0, 0))

    assert latencies_ms(outcomes)[1] == wait


def test_a_slow_fetch_is_waited_for_900_ms_and_then_made_again_by_everybody() -> None:
    """After one more try to open the key, 10 ms later."""
    outcomes = simulated(cached("2s"), at_ms(0, 10, 20, 1_980))

    assert calls_ms(outcomes) == [0, 920, 930]
    assert latencies_ms(outcomes) == [2_000, 2_910, 2_910, 50]


def test_who_gives_up_waiting_stores_nothing() -> None:
    """The answer that comes at 2 s is the first one's: gone at 4 s (ttl 3 s)."""
    path = cached("2s", ttl="3s")
    outcomes = simulated(path, at_ms(0, 10, 3_990, 4_000))

    assert lookups(outcomes) == [0, 0, Lookup.HIT, 0]


def test_those_who_waited_for_a_fetch_that_failed_fetch_together() -> None:
    """One opens the key; the others came before it, and do not wait for it."""
    path = a_path({"bounded_retries": EXACT}, an_origin("120ms", faults=ALWAYS))
    outcomes = simulated(path, at_ms(0, 10, 11, 12))

    assert calls_ms(outcomes) == [0, 210, 221, 222]


def test_who_comes_after_the_new_writer_waits_for_it() -> None:
    """It began at 210 ms, and is done at 330 ms."""
    fault = {"kind": "first", "calls": 1}
    path = a_path({"bounded_retries": EXACT}, an_origin("120ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0, 10, 240))

    assert calls_ms(outcomes) == [0, 210]
    assert latencies_ms(outcomes)[2] == 100


@pytest.mark.parametrize(("tries", "opened_at"), [(1, 920), (3, 940)])
def test_it_tries_again_to_open_the_key(tries: int, opened_at: int) -> None:
    """Each try is 10 ms after the last."""
    path = cached("2s", write_retries=tries)

    assert calls_ms(simulated(path, at_ms(0, 10))) == [0, opened_at]


def test_a_key_closed_during_these_tries_is_opened_and_fetched_again() -> None:
    """It does not look into the cache: at 905 ms the answer was there."""
    outcomes = simulated(cached("905ms", write_retries=2), at_ms(0, 0))

    assert calls_ms(outcomes) == [0, 910]


def test_after_the_last_try_it_stores_nothing() -> None:
    """Closed at 905 ms by an error; who tried at 900 ms fetches at 910, for itself."""
    path = cached("905ms", faults=[{"kind": "first", "calls": 1}])
    outcomes = simulated(path, at_ms(0, 0, 2_000))

    assert calls_ms(outcomes) == [0, 910, 2_000]


def test_without_tries_nothing_is_stored_and_nobody_waits() -> None:
    """The first to come is refused the key as well."""
    outcomes = simulated(cached("120ms", write_retries=0), at_ms(0, 10, 500))

    assert calls_ms(outcomes) == [0, 10, 500]


def test_who_looks_again_cannot_open_the_key() -> None:
    """Its looks begin at 910 ms, the fetch fails at 950: it fetches and stores none."""
    faults = [{"kind": "first", "calls": 1}]
    path = cached("950ms", on_busy="retry", faults=faults)
    outcomes = simulated(path, at_ms(0, 0, 3_000))

    assert calls_ms(outcomes) == [0, 960, 3_000]


def test_it_may_give_up_with_an_error() -> None:
    """502, from the cache itself."""
    outcomes = simulated(cached("2s", on_busy="error"), at_ms(0, 10))

    assert (statuses(outcomes), hits(outcomes)) == ([200, 502], 1)
    assert latencies_ms(outcomes)[1] == 910
    assert outcomes.layers[outcomes.request_rows.served_by[1]] == "bounded_retries"


def test_it_may_look_as_often_again() -> None:
    """Twice 900 ms, with 10 ms between; then it fetches."""
    assert latencies_ms(simulated(cached("1500ms", on_busy="retry"), at_ms(0, 0))) == [
        1_500,
        1_510,
    ]
    assert calls_ms(simulated(cached("2s", on_busy="retry"), at_ms(0, 0))) == [0, 1_810]


def test_an_expired_answer_is_waited_for_like_one_that_never_was() -> None:
    """Whoever comes while it is fetched looks again; a stale copy is of no use."""
    path = cached("120ms", ttl="1s", on_busy="stale")
    outcomes = simulated(path, at_ms(0, 2_000, 2_010))

    assert calls_ms(outcomes) == [0, 2_000]
    assert latencies_ms(outcomes)[2] == 200


def test_who_came_before_the_writer_may_take_the_expired_answer() -> None:
    """The fetch of the first fails, the second writes, the third finds it busy."""
    path = cached("120ms", faults=FROM_1_S, ttl="1s", on_busy="stale")
    outcomes = simulated(path, at_ms(0, 2_000, 2_010, 2_011))

    assert calls_ms(outcomes) == [0, 2_000, 2_210]
    assert lookups(outcomes)[3] == Lookup.STALE


def test_a_client_that_leaves_changes_nothing() -> None:
    """Its fetch is stored; who waits in vain looks on, and fetches for nobody."""
    client = {"timeout": {"after": "300ms", "cancels": True}}
    quick = a_path(client, {"bounded_retries": EXACT}, an_origin("450ms"))
    slow = a_path(client, {"bounded_retries": EXACT}, an_origin("2s"))

    assert statuses(simulated(quick, at_ms(0, 500))) == [504, 200]
    assert calls_ms(simulated(slow, at_ms(0, 10, 20))) == [0, 920, 930]


def test_without_looks_nobody_waits() -> None:
    """But for the tries to open the key."""
    path = cached("120ms", retries=0, write_retries=0)

    assert calls_ms(simulated(path, at_ms(0, 10, 20))) == [0, 10, 20]


def test_a_key_is_open_until_the_body_is_complete() -> None:
    """At 420 ms: who came at 130 ms looks at 180, 230, 330 and 430 ms."""
    path = a_path({"bounded_retries": EXACT}, an_origin("120ms", body="300ms"))
    outcomes = simulated(path, at_ms(0, 130, 420))

    assert latencies_ms(outcomes) == [420, 300, 0]


@pytest.mark.parametrize(
    ("on_busy", "calls"), [("origin", [0, 210, 230]), ("stale", [0, 210])]
)
def test_what_says_0_s_is_stored_as_expired(on_busy: str, calls: list[int]) -> None:
    """At 210 ms one who waited writes anew; who looks at 220 ms may get the first."""
    fields = EXACT | {"on_busy": on_busy, "delay": "200ms", "retries": 1}
    path = a_path({"bounded_retries": fields}, an_origin("120ms", max_age="0s"))

    assert calls_ms(simulated(path, at_ms(0, 10, 20))) == calls


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_an_expired_answer_stands_in_for_an_error(status: int) -> None:
    """And stays expired: the next one fetches again."""
    path = cached("120ms", faults=with_status(status), ttl="1s")
    outcomes = simulated(path, at_ms(0, 2_000, 2_500))

    assert statuses(outcomes) == [200] * 3
    assert lookups(outcomes) == [Lookup.MISS, Lookup.STALE, Lookup.STALE]
    assert calls_ms(outcomes) == [0, 2_000, 2_500]


@pytest.mark.parametrize("status", [404, 429, 501])
def test_another_error_is_passed_on_and_takes_the_expired_answer_away(
    status: int,
) -> None:
    """The 503 that comes after it finds nothing to stand in for it."""
    fails = {"kind": "window", "status": status, "from": "1s", "until": "2200ms"}
    path = cached("120ms", faults=[fails, *FROM_1_S], ttl="1s")

    assert statuses(simulated(path, at_ms(0, 2_000, 2_500))) == [200, status, 503]


def test_a_stored_404_stands_in_for_an_error_and_a_stored_503_does_not() -> None:
    """Each was stored for 1 s in second 0, and is expired at 2 s."""
    for first, second in ((404, 404), (503, 500)):
        faults = [{"kind": "first", "calls": 1, "status": first}, *with_status(500)]
        path = cached("120ms", faults=faults, error_ttl={first: "1s"})

        assert statuses(simulated(path, at_ms(0, 500, 2_000))) == [first, first, second]


def test_only_who_writes_gets_the_expired_answer() -> None:
    """Who waited for it finds the key taken by the second writer, and fetches."""
    path = cached("120ms", faults=FROM_1_S, ttl="1s")
    outcomes = simulated(path, at_ms(0, 2_000, 2_010, 2_011))

    assert calls_ms(outcomes) == [0, 2_000, 2_210, 2_221]
    assert statuses(outcomes) == [200, 200, 200, 503]


def test_an_answer_stands_in_for_an_error_until_it_is_too_old() -> None:
    """Stored in second 0 for 1 s, expired at 2 s: until 3 s, when the error comes."""
    path = cached("120ms", faults=FROM_1_S, ttl="1s", stale_if_error="1s")

    assert statuses(simulated(path, at_ms(0, 2_879))) == [200, 200]
    assert statuses(simulated(path, at_ms(0, 2_880))) == [200, 503]


def test_an_expired_answer_stands_in_for_a_fetch_that_timed_out() -> None:
    """Two calls are before it at an origin that serves one in 120 ms."""
    layer = {"bounded_retries": EXACT | {"ttl": "1s"}}
    origin = an_origin("120ms", concurrency=1)
    path = a_path(layer, {"timeout": {"after": "200ms"}}, origin)
    outcomes = simulated(path, at_ms(0, 1_990, 1_990, 2_000, key=[0, 1, 2, 0]))

    assert statuses(outcomes) == [200, 200, 504, 200]
    assert lookups(outcomes)[3] == Lookup.STALE


@pytest.mark.parametrize(
    ("lag", "looked"), [("0ms", 100), ("3ms", 100), ("7ms", 104), ("20ms", 65)]
)
def test_a_wait_ends_a_lag_after_its_earliest_moment(lag: str, looked: int) -> None:
    """5 ms before its time, or the lag itself; one or two waits of 50 ms, for 60 ms."""
    path = cached("60ms", timer_lag=lag)

    assert latencies_ms(simulated(path, at_ms(0, 0))) == [60, looked]


def test_each_look_draws_its_own_lag() -> None:
    """Of who waits, and of each of its eleven waits: up to 10 ms."""
    lag = {"uniform": ["0ms", "10ms"]}
    path = cached("2s", timer_lag=lag, write_retries=1)
    waited = [call - 10 for call in calls_ms(simulated(path, at_ms(0, 10, 10)))[1:]]

    assert waited[0] != waited[1]
    assert all(910 - 11 * 5 < one < 910 + 11 * 5 for one in waited)
