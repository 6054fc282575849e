"""refresh_timer: fetches that nobody asks for."""

from typing import Any

from simcoalesce.model.change import Agenda
from simcoalesce.outcomes import Outcomes
from tests.builders import MS, a_path, an_origin, at_ms, calls_ms, lookups, simulated

WRITE = {"kv.write": {"ttl": "1s", "writes_per_key": "unlimited"}}


def timed(requests: Any, *, ends_at_ms: int = 2_500, **fields: Any) -> Outcomes:
    """Return the outcomes of requests beside a timer in front of KV's write."""
    timer = {"refresh_timer": {"every": "1s", **fields}}
    path = a_path("kv.read", timer, WRITE, an_origin("120ms"))
    return simulated(path, requests, agenda=Agenda((), ends_at_ms * MS))


def test_it_fetches_each_time_until_no_more_requests_arrive() -> None:
    """At 0, 1 and 2 s; the round at 3 s would be behind the end at 2.5 s."""
    outcomes = timed(at_ms(500))

    assert (calls_ms(outcomes), lookups(outcomes)) == ([0, 1_000, 2_000], [1])


def test_who_comes_between_finds_what_it_stored() -> None:
    """Put at 120 ms for one second, again at 1,120 ms: never cold after 200 ms."""
    requests = at_ms(*range(300, 2_400, 100))

    assert set(lookups(timed(requests))) == {1}


def test_it_walks_its_keys_with_a_space_between() -> None:
    """Three keys, of which two are named: 50 ms apart."""
    outcomes = timed(
        at_ms(0, 0, 0, key=[0, 1, 2]), first_at="500ms", keys="top 2", spacing="50ms"
    )

    assert calls_ms(outcomes)[3:] == [500, 550, 1_500, 1_550]


def test_it_may_run_at_one_location_or_at_each() -> None:
    """Caches of two locations are filled twice, or the second one only."""
    rounds = {}
    for location in ("each", "at-1"):
        timer = {"refresh_timer": {"every": "1s", "location": location}}
        path = a_path("memory", timer, "cdn", an_origin("120ms"))
        agenda = Agenda((), 900 * MS)
        outcomes = simulated(path, at_ms(500, 500, location=[0, 1]), agenda=agenda)
        rounds[location] = calls_ms(outcomes)

    assert rounds == {"each": [0, 0], "at-1": [0, 500]}


def test_its_calls_are_of_no_request() -> None:
    """Their numbers are below zero, and no request is counted for them."""
    outcomes = timed(at_ms(500))

    assert outcomes.origin_rows.request.tolist() == [-2, -4, -6]
    assert outcomes.usage["worker_requests"] == 1


def test_behind_an_object_it_fills_the_memory_of_the_object() -> None:
    """Fetched from 0 to 120 ms for ten seconds: nobody else calls."""
    timer = {"refresh_timer": {"every": "10s"}}
    memory = {"memory": {"ttl": "10s"}}
    path = a_path("durable_object", timer, memory, an_origin("120ms"))
    agenda = Agenda((), 900 * MS)
    outcomes = simulated(path, at_ms(500, 600, isolate=[0, 1]), agenda=agenda)

    assert (calls_ms(outcomes), lookups(outcomes)) == ([0], [1, 1])


def test_behind_an_object_its_first_fetch_is_the_first_use_of_the_object() -> None:
    """There is an object 300 ms after t = 0, so that at 350 ms nobody waits for it."""
    timer = {"refresh_timer": {"every": "10s"}}
    flights = {"durable_object": {"first_use": "300ms"}}
    path = a_path(flights, timer, WRITE, an_origin("120ms"))
    outcomes = simulated(path, at_ms(350), agenda=Agenda((), 900 * MS))

    assert calls_ms(outcomes) == [0, 350]
