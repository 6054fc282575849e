"""Isolates that come and go, against timelines worked out by hand."""

from typing import Any

import pytest

from simcoalesce.model.worker_runs import worker_begins
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    simulated,
    some_isolates,
    statuses,
)

FLIGHTS = a_path("single_flight", an_origin("100ms"))
MEMORY = a_path("memory", an_origin("10ms"))


def test_the_home_isolate_takes_requests_until_it_is_full() -> None:
    """Two are in it at 20 ms: the next run where they arrive; at 100 ms it is empty."""
    requests = at_ms(0, 10, 20, 30, 110, isolate=[1, 2, 1, 2, 2])

    outcomes = simulated(FLIGHTS, requests, isolates=some_isolates(3, spill_above=2))

    assert outcomes.request_rows.isolate.tolist() == [0, 0, 1, 2, 0]
    assert calls_ms(outcomes) == [0, 20, 30, 110]


def test_who_arrives_at_the_home_runs_there_even_if_it_is_full() -> None:
    """Its server has nobody to hand it to; the third finds two there, and spills."""
    requests = at_ms(0, 10, 20, isolate=[1, 0, 1])

    outcomes = simulated(FLIGHTS, requests, isolates=some_isolates(2, spill_above=1))

    assert outcomes.request_rows.isolate.tolist() == [0, 0, 1]


def test_each_location_has_a_home() -> None:
    """With two isolates each, those of the second location are 2 and 3."""
    requests = at_ms(0, 1, location=[0, 1], isolate=[1, 3])

    outcomes = simulated(FLIGHTS, requests, isolates=some_isolates(2, spill_above=9))

    assert outcomes.request_rows.isolate.tolist() == [0, 2]


def test_all_who_meet_a_cold_isolate_wait_until_it_has_started() -> None:
    """It starts at 0 and serves at 5 ms; who comes at 6 ms finds it warm."""
    cold = some_isolates(cold_start="5ms")

    outcomes = simulated(FLIGHTS, at_ms(0, 2, 6), isolates=cold)

    assert latencies_ms(outcomes) == [105, 103, 99]
    assert calls_ms(outcomes) == [5]
    assert outcomes.usage["cold_starts"] == 1


def test_isolates_that_are_there_at_the_start_are_warm_until_they_go() -> None:
    """At 10 and 30 ms they serve at once; idle for 50 ms at 90 ms, one starts cold.

    The other server has been idle for 50 ms, since the start, before anybody came.
    """
    warm = some_isolates(2, cold_start="5ms", idle_after_ns=50 * MS, starts_warm=True)

    outcomes = simulated(a_path(an_origin("10ms")), at_ms(10, 30, 90), isolates=warm)
    late = simulated(a_path(an_origin("10ms")), at_ms(50, isolate=1), isolates=warm)

    assert latencies_ms(outcomes) == [10, 10, 15]
    assert latencies_ms(late) == [15]


def test_a_warm_memory_is_gone_with_its_isolate() -> None:
    """It has the value at 10 ms, as `initial` says; the isolate of 60 ms has not."""
    path = a_path({"memory": {"initial": {"age": "0s"}}}, an_origin("10ms"))
    warm = some_isolates(lifetime="50ms", starts_warm=True)

    outcomes = simulated(path, at_ms(10, 60), isolates=warm)

    assert calls_ms(outcomes) == [60]


def test_who_leaves_a_cold_isolate_does_not_stop_its_start() -> None:
    """The first gives up at 3 ms; the second finds the start half done."""
    path = a_path({"timeout": {"after": "3ms", "cancels": True}}, an_origin("1ms"))

    outcomes = simulated(path, at_ms(0, 4), isolates=some_isolates(cold_start="5ms"))

    assert statuses(outcomes) == [504, 200]
    assert latencies_ms(outcomes) == [3, 2]


def test_an_idle_isolate_is_evicted_with_its_memory() -> None:
    """Idle for 49 ms before 59 ms, it is there; for 50 ms before 109 ms, it is not."""
    outcomes = simulated(
        MEMORY, at_ms(0, 59, 109), isolates=some_isolates(idle_after_ns=50 * MS)
    )

    assert calls_ms(outcomes) == [0, 109]
    assert outcomes.usage["cold_starts"] == 2


def test_an_isolate_goes_at_the_end_of_its_lifetime() -> None:
    """It lives for 30 ms: at 20 ms it has the value, at 30 ms a new one has not."""
    short = some_isolates(lifetime="30ms")

    outcomes = simulated(MEMORY, at_ms(0, 20, 30), isolates=short)

    assert calls_ms(outcomes) == [0, 30]


def test_an_isolate_outlives_its_lifetime_while_a_request_is_inside() -> None:
    """At 35 ms one joins the flight of 40 ms; at 40 ms nobody is inside any more."""
    path = a_path("single_flight", an_origin("40ms"))

    outcomes = simulated(
        path, at_ms(0, 35, 40), isolates=some_isolates(lifetime="30ms")
    )

    assert calls_ms(outcomes) == [0, 40]
    assert latencies_ms(outcomes) == [40, 5, 40]


def test_an_eviction_takes_a_poisoned_entry_with_it() -> None:
    """A failure that is never cleaned up answers at 20 ms, and no more at 80 ms."""
    path = a_path(
        {"single_flight": {"cleanup": "never"}},
        an_origin("10ms", faults=[{"kind": "first", "calls": 1}]),
    )

    outcomes = simulated(
        path, at_ms(0, 20, 80), isolates=some_isolates(idle_after_ns=50 * MS)
    )

    assert statuses(outcomes) == [500, 500, 200]


def test_what_a_cache_before_the_worker_answers_meets_no_isolate() -> None:
    """The second is a hit: it keeps no isolate from being idle, and starts none."""
    outcomes = simulated(
        a_path("cdn", "memory", an_origin("10ms")),
        at_ms(0, 40),
        isolates=some_isolates(cold_start="5ms"),
    )

    assert latencies_ms(outcomes) == [15, 0]
    assert outcomes.usage["cold_starts"] == 1


def test_a_retry_in_front_meets_an_isolate_anew() -> None:
    """Its second attempt, at 20 ms, finds the home full: the row names where that ran.

    The first, at 0, fails at 10 ms; another request is at home from 12 to 22 ms.
    """
    path = a_path(
        {"retry": {"attempts": 2, "backoff": "10ms", "jitter": "none"}},
        an_origin("10ms", faults=[{"kind": "first", "calls": 1}]),
    )

    outcomes = simulated(
        path, at_ms(0, 12, isolate=1), isolates=some_isolates(2, spill_above=1)
    )

    assert outcomes.request_rows.isolate.tolist() == [1, 0]
    assert latencies_ms(outcomes) == [30, 10]


def test_a_retry_in_the_worker_stays_in_its_isolate() -> None:
    """Its second attempt finds what the first stored in memory: both are in one."""
    path = a_path(
        "kv.read",
        {"retry": {"attempts": 2, "backoff": "10ms", "jitter": "none"}},
        {"memory": {"error_ttl": {"5xx": "60s"}}},
        an_origin("10ms", faults=[{"kind": "first", "calls": 1}]),
    )

    outcomes = simulated(
        path, at_ms(0), isolates=some_isolates(lifetime="1ms", cold_start="1ms")
    )

    assert statuses(outcomes) == [500]
    assert hits(outcomes) == 1


@pytest.mark.parametrize(
    ("layers", "index"),
    [
        (["retry", "cdn", "kv.read", an_origin()], 2),
        (["retry", "kv.read", "cdn", an_origin()], 1),
        (["lock", an_origin()], 1),
        ([an_origin()], 0),
    ],
)
def test_a_worker_begins_behind_clients_and_caches(
    layers: list[Any], index: int
) -> None:
    """Where no layer of it stands, it calls the origin."""
    assert worker_begins(a_path(*layers)) == index
