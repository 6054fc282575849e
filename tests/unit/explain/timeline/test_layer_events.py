"""Each event of a layer stands at the instant at which it happened first."""

from typing import Any

from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.layer_events import events_of, layer_events
from simcoalesce.request import Requests
from tests.builders import MS, S, a_path, an_origin, at_ms, even, simulated

Entry = str | dict[str, dict[str, Any]]


def happened(
    *path: Entry, requests: Requests, seed: int = 1, **more: Any
) -> dict[str, Event]:
    """Return what layers say of a run, by kind."""
    layers = a_path(*path)
    outcomes = simulated(layers, requests, seed=seed, is_noted=True, **more)
    return {one.kind: one for one in layer_events(outcomes, layers)}


def when(event: Event) -> tuple[int, float, float]:
    """Return how often it happened, and when first and last, in ms."""
    return event.number, event.at_ns / MS, event.until_ns / MS


def test_a_refused_put_stands_at_its_instant() -> None:
    """Three misses put at 100, 150 and 200 ms; KV takes one a second."""
    write = {"kv.write": {"on_refused": "ignore"}}
    read = {"kv.read": {"read_latency": "0ms"}}
    path = read, write, an_origin("100ms")
    event = happened(*path, requests=at_ms(0, 50, 100))["writes_refused"]

    assert when(event) == (2, 150, 200)
    assert event.evidence == "usage.kv_writes_refused"


def test_without_a_limit_no_put_can_be_refused() -> None:
    """So nothing is said of it."""
    path = a_path({"kv.write": {"writes_per_key": "unlimited"}}, an_origin())

    assert "writes_refused" not in {one.kind for one in events_of(path)}


def test_absence_that_hides_what_was_written_is_told() -> None:
    """It is read at 0, written at 180 ms, and hidden for a second."""
    read = {
        "kv.read": {
            "read_latency": "0ms",
            "negative_ttl": "1s",
            "local_writes": "cached",
        }
    }
    requests = at_ms(0, 170, 500, 999, 1001)
    found = happened(read, "kv.write", an_origin("100ms"), requests=requests)

    assert when(found["absence_served"]) == (2, 500, 999)


BOUND = {"single_flight": {"leader_bound": True}}
HANGING_UP = {"timeout": {"after": "1s", "cancels": True}}


def test_a_dead_flight_answers_those_who_come() -> None:
    """The leader leaves at 1 s, when the third request comes."""
    requests = even(4, 500 * MS)
    found = happened(HANGING_UP, BOUND, an_origin("3s"), requests=requests)

    assert when(found["leader_left"]) == (1, 1000, 1000)
    assert when(found["dead_flight"]) == (2, 1000, 1500)


def test_a_flight_that_is_never_removed_goes_on_answering() -> None:
    """From its end on."""
    kept = {"single_flight": {"cleanup": "never"}}
    found = happened(kept, an_origin("100ms"), requests=at_ms(0, 50, 150, 160))

    assert when(found["ended_flight"]) == (2, 150, 160)


def test_locks_that_age_or_are_waited_for_too_long_are_told() -> None:
    """A second fetch begins at 1 s, one without the lock at 600 ms."""
    aged = {"lock": {"age": "1s", "poll": "500ms"}}
    late = {"lock": {"timeout": "600ms", "poll": "500ms"}}
    requests = at_ms(0, 0)

    found = happened(aged, an_origin("5s"), requests=requests)
    assert when(found["lock_aged"]) == (1, 1000, 1000)
    found = happened(late, an_origin("5s"), requests=requests)
    assert when(found["lock_timed_out"]) == (1, 1000, 1000)


def test_queues_say_how_long_they_were_and_how_long_one_waited() -> None:
    """One at a time, each for 100 ms: the third waits for 200 ms."""
    line = {"bulkhead": {"limit": 1, "queue_timeout": "1s"}}
    requests = at_ms(0, 0, 0)
    inside = happened(line, an_origin("100ms"), requests=requests)["bulkhead_queue"]
    behind = happened(an_origin("100ms", concurrency=1), requests=requests)
    behind_it = behind["origin_queue"]

    assert (inside.number, inside.largest, inside.longest_ns) == (2, 2, 200 * MS)
    assert (behind_it.number, behind_it.largest) == (2, 2)
    assert behind_it.longest_ns == 200 * MS


def test_waits_for_tokens_are_told() -> None:
    """One a second: the third waits for two seconds."""
    limit = {"kind": "token_bucket", "rate": "1/s", "burst": 1}
    layer = {"limiter": {"rate_limit": limit, "wait": "unlimited"}}
    event = happened(layer, an_origin("0ms"), requests=at_ms(0, 0, 0))["limiter_queue"]

    assert (event.number, event.largest, event.longest_ns) == (2, 2, 2 * S)


def test_retries_tell_how_many_calls_they_add() -> None:
    """Two more attempts after 100 ms each, and two more calls."""
    again = {"retry": {"attempts": 3, "backoff": "100ms", "jitter": "none"}}
    failing = an_origin("10ms", faults=[{"kind": "always", "status": 503}])
    event = happened(again, failing, requests=at_ms(0))["retries"]

    assert when(event) == (2, 110, 320)
    assert event.calls == 2


def test_hedges_and_timeouts_are_told() -> None:
    """After 100 ms a further call, after 300 ms no answer; then the retry has one."""
    hedge = {"hedge": {"after": "100ms"}}
    late = {"timeout": {"after": "300ms"}}
    again = {"retry": {"attempts": 2, "backoff": "0ms"}}
    slow = an_origin("10ms", faults=[{"kind": "first", "calls": 2, "slower": 100}])
    found = happened(again, late, hedge, slow, requests=at_ms(0))

    assert when(found["hedges"]) == (1, 100, 100)
    assert when(found["timed_out"]) == (1, 300, 300)


def test_what_errors_say_already_is_not_said_twice() -> None:
    """The row has the time-out."""
    late = {"timeout": {"after": "300ms"}}

    assert not happened(late, an_origin("1s"), requests=at_ms(0))


def test_a_fault_says_which_calls_it_strikes() -> None:
    """From 1 s until 2 s."""
    outage = {"kind": "window", "from": "1s", "until": "2s", "status": 503}
    found = happened(
        an_origin("10ms", faults=[outage]), requests=at_ms(0, 1000, 1500, 2000)
    )

    assert when(found["origin_fault[0]"]) == (2, 1000, 1500)


def test_of_several_origins_each_tells_its_own() -> None:
    """The first fails three times, and is out."""
    bad = {"latency": "10ms", "faults": [{"kind": "always", "status": 503}]}
    both = {"origins": {"of": {"eu": bad, "us": {"latency": "10ms"}}}}
    found = happened(both, requests=at_ms(0, 100, 200, 300))

    assert when(found["origin.eu_fault[0]"]) == (3, 0, 200)
    assert when(found["origin_out"]) == (1, 210, 210)
    assert "origin.us_fault[0]" not in found


def test_evictions_are_told() -> None:
    """Two fit; the third value comes at 220 ms."""
    small = {"memory": {"max_entries": 2}}
    requests = at_ms(0, 100, 200, 300, key=[0, 1, 2, 2])
    event = happened(small, an_origin("20ms"), requests=requests)["memory_evicts"]

    assert when(event) == (1, 220, 220)


def test_who_waits_for_an_object_is_told() -> None:
    """It works for 100 ms on each."""
    busy = {"durable_object": {"service_time": "100ms"}}
    found = happened(busy, an_origin("10ms"), requests=at_ms(0, 0, 0, key=[0, 0, 0]))

    assert found["object_queue"].number == 2
    assert found["object_queue"].largest == 2


def test_answers_that_leave_a_mutex_are_no_requests_that_wait() -> None:
    """Two requests wait for the first one, and its answer leaves behind them."""
    mutex = {"durable_object": {"gate": "block_concurrency"}}
    found = happened(mutex, an_origin("100ms"), requests=at_ms(0, 10, 20))

    assert (found["object_queue"].number, found["object_queue"].largest) == (2, 2)


def test_an_object_that_is_reset_is_told() -> None:
    """Its mutex was held for a second."""
    held = {"durable_object": {"gate": "block_concurrency", "block_limit": "1s"}}
    found = happened(held, an_origin("5s"), requests=at_ms(0, 10))

    assert when(found["object_reset"]) == (1, 1000, 1000)


def test_who_is_let_go_without_an_answer_is_told() -> None:
    """Nothing may be stored, and no mark is left: they fetch one after the other."""
    varnish = {"waiting_list": {"hit_for_miss": "0s", "rush": 1}}
    origin = an_origin("100ms", cacheable=False)
    found = happened(varnish, origin, requests=at_ms(0, 0, 0))

    assert found["woken_in_vain"].at_ns == 100 * MS
    assert found["woken_in_vain"].number == 2


def test_what_may_not_be_shared_is_fetched_again() -> None:
    """A second request waits for nothing."""
    uncacheable = an_origin("100ms", cacheable=False)
    found = happened("cdn", uncacheable, requests=at_ms(0, 10))

    assert when(found["answer_not_shared"]) == (1, 100, 100)


def test_who_finds_a_key_open_for_too_long_fetches_for_itself() -> None:
    """Ten looks of 50 and 100 ms end before the fetch of ten seconds."""
    exact = {"bounded_retries": {"timer_lag": "0ms"}}
    found = happened(exact, an_origin("10s"), requests=at_ms(0, 0))

    assert found["key_stays_open"].number == 1
    assert 900 * MS < found["key_stays_open"].at_ns < 1_100 * MS


def test_what_is_counted_is_told_without_notes_too() -> None:
    """At the end of the traffic then."""
    failing = an_origin("100ms", faults=[{"kind": "always"}])
    layers = a_path({"circuit_breaker": {"failures": 1}}, failing)
    noted, ordinary = (
        {one.kind: one for one in layer_events(outcomes, layers)}
        for outcomes in (
            simulated(layers, at_ms(0, 500), is_noted=True),
            simulated(layers, at_ms(0, 500)),
        )
    )

    assert when(noted["breaker_opened"]) == (1, 100, 100)
    assert when(ordinary["breaker_opened"]) == (1, 500, 0)
    assert ordinary.keys() < noted.keys()
