"""Gates: who gets in while code runs, storage is awaited, or a fetch is open."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.model.layer import Layer
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    hits,
    latencies_ms,
    simulated,
    statuses,
)

CANCEL = {"timeout": {"after": "50ms", "cancels": True}}
WAIT = {"timeout": {"after": "1h"}}


def an_object(latency: str = "0ms", **fields: Any) -> list[Layer]:
    """Return a path with an object before an origin."""
    return a_path({"durable_object": fields}, an_origin(latency))


def a_mutex(latency: str = "100ms", **fields: Any) -> list[Layer]:
    """Return a path with one mutex for all keys before an origin."""
    return an_object(latency, id_from="global", gate="block_concurrency", **fields)


def turns_ms(path: list[Layer], *instants: float) -> list[float]:
    """Return when turns end, of requests of different keys: each then calls."""
    return calls_ms(simulated(path, at_ms(*instants, key=[*range(len(instants))])))


def test_code_runs_for_one_request_at_a_time() -> None:
    """Three at once, 10 ms of code each."""
    path = an_object(id_from="global", service_time="10ms")

    assert turns_ms(path, 0, 0, 0, 100) == [10, 20, 30, 110]


def test_storage_is_awaited_for_one_request_at_a_time() -> None:
    """While storage is awaited, nothing is delivered."""
    path = an_object(id_from="global", service_time="1ms", storage_time="9ms")

    assert turns_ms(path, 0, 0, 5) == [10, 20, 30]


def test_what_a_fetch_brings_back_waits_behind_who_came_before() -> None:
    """It is there at 15 ms; the second's turn ends at 20 ms, and joins it before."""
    outcomes = simulated(an_object("5ms", storage_time="10ms"), at_ms(0, 0))

    assert (latencies_ms(outcomes), hits(outcomes)) == ([20, 20], 1)


def test_the_head_and_the_body_of_an_answer_wait_each() -> None:
    """The head waits until 20 ms for the second, the body until 30 ms for the third."""
    outcomes = simulated(an_object("5ms", storage_time="10ms"), at_ms(0, 0, 17))

    assert (latencies_ms(outcomes), hits(outcomes)) == ([30, 30, 13], 1)


def test_who_comes_after_the_body_does_not_hold_it_up() -> None:
    """Both have been let in at 20 ms; the third takes its turn, and fetches anew."""
    outcomes = simulated(an_object("5ms", storage_time="10ms"), at_ms(0, 0, 25))

    assert latencies_ms(outcomes) == [20, 20, 15]


def test_an_awaited_put_comes_back_as_a_fetch_does() -> None:
    """Written from 15 to 18 ms; who came at 16 ms has a turn until 26 ms."""
    kv_write = {"kv.write": {"write_latency": "3ms"}}
    path = a_path(
        {"durable_object": {"storage_time": "10ms"}}, kv_write, an_origin("5ms")
    )

    assert latencies_ms(simulated(path, at_ms(0, 16))) == [26, 10]


def test_what_was_fetched_is_stored_before_it_is_answered() -> None:
    """Fetched until 50 ms, stored until 60 ms; who came at 40 ms has joined before."""
    path = an_object("50ms", storage_after="10ms")
    outcomes = simulated(path, at_ms(0, 40))

    assert (latencies_ms(outcomes), hits(outcomes)) == ([60, 20], 1)


def test_who_comes_while_it_is_stored_finds_the_flight_gone() -> None:
    """Let in at 60 ms, when the first is answered: it fetches, and stores, itself."""
    path = an_object("50ms", storage_after="10ms")
    outcomes = simulated(path, at_ms(0, 55))

    assert (latencies_ms(outcomes), calls_ms(outcomes)) == ([60, 65], [0, 60])


def test_two_keys_of_an_object_are_stored_one_after_the_other() -> None:
    """Both are fetched at 50 ms; the second's answer comes back at 60 ms."""
    path = an_object("50ms", id_from="global", storage_after="10ms")

    assert latencies_ms(simulated(path, at_ms(0, 0, key=[0, 1]))) == [60, 70]


def test_a_failure_is_not_stored() -> None:
    """It is thrown at 50 ms: the code does not come to the put."""
    fails: list[dict[str, object]] = [{"kind": "first", "calls": 1, "status": 503}]
    fields = {"durable_object": {"storage_after": "10ms"}}
    path = a_path(fields, an_origin("50ms", faults=fails))
    outcomes = simulated(path, at_ms(0, 40))

    assert (latencies_ms(outcomes), statuses(outcomes)) == ([50, 10], [503, 503])


def test_under_a_mutex_the_next_waits_for_the_storage_too() -> None:
    """Calls at 0 and 110 ms; both answers leave when nobody waits any more."""
    outcomes = simulated(a_mutex(storage_after="10ms"), at_ms(0, 0, key=[0, 1]))

    assert calls_ms(outcomes) == [0, 110]
    assert latencies_ms(outcomes) == [220, 220]


def test_called_by_rpc_it_is_a_plain_mutex() -> None:
    """Answers leave at once, failures too, and nothing resets: one call each 40 s.

    So does a mutex of a process, whatever fails under it, for as long as it takes.
    """
    fails = {"faults": [{"kind": "first", "calls": 2, "status": 503}]}
    fields = {
        "gate": "block_concurrency",
        "called_by": "rpc",
        "block_limit": "unlimited",
    }
    path = a_path({"durable_object": fields}, an_origin("40s", **fails))
    outcomes = simulated(path, at_ms(0, 0, 0))

    assert latencies_ms(outcomes) == [40_000, 80_000, 120_000]
    assert statuses(outcomes) == [503, 503, 200]


def test_what_an_object_keeps_in_memory_waits_for_no_gate() -> None:
    """The second finds the value when its turn ends, though a third waits."""
    path = a_path(
        {"durable_object": {"storage_time": "10ms"}},
        {"memory": {"ttl": "1h"}},
        an_origin("5ms"),
    )

    assert latencies_ms(simulated(path, at_ms(0, 100, 100))) == [15, 10, 20]


def test_all_who_wait_are_let_in_before_an_answer() -> None:
    """Forty within 150 ms, 10 ms each: one call, and nobody is answered before 400 ms.

    So does the real runtime (docs/validation.md).
    """
    path = an_object("50ms", storage_time="10ms")
    outcomes = simulated(path, at_ms(*np.linspace(0, 150, 40)))

    assert hits(outcomes) == 1
    assert set(outcomes.request_rows.completed_at_ns / MS) == {400}


def test_a_fetch_lets_others_in() -> None:
    """The second runs its code while the first's fetch is open, and joins it."""
    outcomes = simulated(an_object("100ms", service_time="10ms"), at_ms(0, 0))

    assert (latencies_ms(outcomes), hits(outcomes)) == ([110, 110], 1)


def test_a_turn_comes_too_late_for_a_flight_that_has_ended() -> None:
    """The fetch of 10 to 20 ms ends when the second's turn ends: it fetches itself."""
    outcomes = simulated(an_object("10ms", service_time="10ms"), at_ms(0, 0))

    assert calls_ms(outcomes) == [10, 20]


def test_capacity_spaces_the_turns() -> None:
    """100 requests per second: one every 10 ms, though they take no time."""
    outcomes = simulated(an_object(capacity="100/s"), at_ms(0, 0, 5, 50))

    assert latencies_ms(outcomes) == [0, 10, 15, 0]


def test_capacity_and_service_time_do_not_add_up() -> None:
    """The slower of the two decides."""
    path = an_object(id_from="global", capacity="100/s", service_time="4ms")

    assert turns_ms(path, 0, 0, 0) == [4, 14, 24]


def test_a_full_queue_is_an_overload() -> None:
    """One is served, two wait, the fourth gets 503 at once."""
    path = an_object(id_from="global", service_time="10ms", queue_limit=2)
    came = (0, 1, 2, 3, 10)

    assert statuses(simulated(path, at_ms(*came))) == [200, 200, 200, 503, 200]
    assert turns_ms(path, *came) == [10, 20, 30, 40]


def test_a_queue_of_length_zero_serves_who_finds_it_free() -> None:
    """The limit counts who waits, not who is served."""
    path = an_object(service_time="10ms", queue_limit=0)

    assert statuses(simulated(path, at_ms(0, 5, 10))) == [200, 503, 200]


def test_who_would_wait_too_long_is_overloaded() -> None:
    """The third's turn would come at 20 ms: it gives up at 15 ms."""
    path = an_object(id_from="global", service_time="10ms", queue_timeout="15ms")
    outcomes = simulated(path, at_ms(0, 0, 0, 5))

    assert statuses(outcomes) == [200, 200, 503, 200]
    assert latencies_ms(outcomes)[2] == 15
    assert turns_ms(path, 0, 0, 0, 5) == [10, 20, 30]


def test_who_gives_up_later_is_in_the_queue_until_then() -> None:
    """Two wait at 3 ms, one of them in vain: no place until it is gone at 12 ms."""
    path = an_object(service_time="10ms", queue_timeout="12ms", queue_limit=2)
    outcomes = simulated(path, at_ms(0, 0, 0, 3, 12))

    assert statuses(outcomes) == [200, 200, 503, 503, 200]
    assert latencies_ms(outcomes)[2:] == [12, 0, 18]


def test_the_longest_queue_is_noted() -> None:
    """Four at once: three wait."""
    outcomes = simulated(an_object(service_time="10ms"), at_ms(0, 0, 0, 0, 100))

    assert outcomes.usage["object_peak_queue"] == 3


def test_a_mutex_serves_one_request_from_start_to_end() -> None:
    """Each waits for all before it; answers leave behind all who wait by then."""
    outcomes = simulated(a_mutex("100ms"), at_ms(0, 10, 20))

    assert (outcomes.origin_rows.called_at_ns / MS).tolist() == [0, 100, 200]
    assert latencies_ms(outcomes) == [300, 290, 280]


def test_answers_leave_a_mutex_as_in_the_real_runtime() -> None:
    """Requests 40 ms apart, 105 ms each: as observed there (docs/validation.md)."""
    outcomes = simulated(a_mutex("105ms"), at_ms(*range(0, 480, 40)))
    left_at_ms = (outcomes.request_rows.completed_at_ns / MS).tolist()

    assert left_at_ms == [315, 630, 840, 1155, *[1260] * 8]


def test_a_mutex_is_free_at_the_instant_that_it_is_left() -> None:
    """Held in [0, 100): who comes at 100 does not wait."""
    assert latencies_ms(simulated(a_mutex("100ms"), at_ms(0, 100))) == [100, 100]


def test_who_has_queued_comes_before_who_arrives() -> None:
    """The mutex is handed over at 100 ms, and the arrival of that instant waits."""
    outcomes = simulated(a_mutex("100ms"), at_ms(0, 50, 100))

    assert (outcomes.origin_rows.called_at_ns / MS).tolist() == [0, 100, 200]
    assert latencies_ms(outcomes) == [200, 250, 200]


def test_a_mutex_with_a_memory_behind_it_fetches_once() -> None:
    """Who waited finds what the first one brought."""
    layer = {"durable_object": {"gate": "block_concurrency"}}
    path = a_path(layer, "memory", an_origin("100ms"))
    outcomes = simulated(path, at_ms(0, 10, 20))

    assert (latencies_ms(outcomes), hits(outcomes)) == ([100, 90, 80], 1)


def test_a_mutex_held_too_long_resets_the_object() -> None:
    """After 30 s all who wait get an error, and the next one begins anew."""
    outcomes = simulated(a_mutex("40s"), at_ms(0, 10_000, 29_999, 30_000))

    assert statuses(outcomes) == [500, 500, 500, 500]
    assert latencies_ms(outcomes) == [30_000, 20_000, 1, 30_000]


def test_a_mutex_held_exactly_as_long_as_it_may_be_is_in_time() -> None:
    """The limit is a deadline."""
    assert statuses(simulated(a_mutex("30s"), at_ms(0))) == [200]


def test_a_reset_forgets_what_the_object_remembered() -> None:
    """The memory of its first life is gone in its second."""
    layer = {"durable_object": {"id_from": "global", "gate": "block_concurrency"}}
    origin = an_origin("1ms", latency_of={"key-1": "40s"})
    path = a_path(layer, {"memory": {"ttl": "1h"}}, origin)
    requests = at_ms(0, 100, 200, 31_000, key=[0, 0, 1, 0])
    outcomes = simulated(path, requests)

    assert outcomes.request_rows.lookup.tolist() == [0, 1, 0, 0]


def test_the_queue_of_a_mutex_has_its_limit() -> None:
    """One is served, one waits, the third gets 503 at once."""
    outcomes = simulated(a_mutex("100ms", queue_limit=1), at_ms(0, 10, 20, 110))

    assert statuses(outcomes) == [200, 200, 503, 200]
    assert latencies_ms(outcomes) == [200, 290, 0, 190]


def test_who_waits_too_long_for_a_mutex_is_overloaded() -> None:
    """And who comes after it is served in its place."""
    outcomes = simulated(a_mutex("100ms", queue_timeout="50ms"), at_ms(0, 10, 60))

    assert statuses(outcomes) == [200, 503, 200]
    assert latencies_ms(outcomes) == [200, 50, 140]


def test_who_has_given_up_is_not_in_the_queue() -> None:
    """The second is gone at 60 ms, so that there is a place at 70 ms."""
    path = a_mutex("100ms", queue_timeout="50ms", queue_limit=1)
    outcomes = simulated(path, at_ms(0, 10, 70))

    assert statuses(outcomes) == [200, 503, 200]


def test_the_turn_at_the_deadline_of_the_queue_is_in_time() -> None:
    """The mutex is left at 100 ms, when the second has waited for 90 ms."""
    outcomes = simulated(a_mutex("100ms", queue_timeout="90ms"), at_ms(0, 10))

    assert statuses(outcomes) == [200, 200]


def test_a_client_that_hangs_up_in_the_queue_does_not_keep_the_mutex() -> None:
    """The second leaves at 60 ms, before its turn; the third has it at 100 ms."""
    outcomes = simulated([*a_path(CANCEL), *a_mutex("100ms")], at_ms(0, 10, 70))

    assert calls_ms(outcomes) == [0, 100]


def test_a_client_that_hangs_up_at_its_turn_does_not_keep_the_mutex() -> None:
    """The second leaves when the mutex is handed to it; the third has it then."""
    outcomes = simulated([*a_path(CANCEL), *a_mutex("60ms")], at_ms(0, 10, 20))

    assert calls_ms(outcomes) == [0, 60]
    assert statuses(outcomes) == [504, 504, 504]


def test_the_work_under_a_mutex_goes_on_when_its_client_leaves() -> None:
    """The second is served when the first's fetch is over, not when it left."""
    path = [*a_path(CANCEL), *a_mutex("60ms")]

    assert calls_ms(simulated(path, at_ms(0, 55))) == [0, 60]


@pytest.mark.parametrize("gate", ["input_gate", "block_concurrency"])
def test_nobody_waits_for_ever(gate: str) -> None:
    """Time-outs, a queue with limits and cancelled clients: each gets its answer."""
    layer = {"gate": gate, "service_time": "10ms", "queue_limit": 3}
    path = a_path(CANCEL, {"durable_object": layer}, an_origin("30ms"))
    outcomes = simulated(path, at_ms(*range(0, 300, 3)))

    assert len(statuses(outcomes)) == 100
    assert max(latencies_ms(outcomes)) <= 50


@pytest.mark.parametrize(
    ("rule", "status", "done_ms"),
    [
        ({}, 503, [400, 400, 400, 400]),
        ({"on_error": "throws"}, 503, [100, 200, 300, 400]),
        ({"called_by": "rpc"}, 503, [100, 200, 300, 400]),
        ({"on_error": "resets"}, 500, [100, 100, 100, 100]),
    ],
    ids=["answers", "throws", "rpc", "resets"],
)
def test_a_failure_leaves_a_mutex_as_in_the_real_runtime(
    rule: dict[str, str], status: int, done_ms: list[int]
) -> None:
    """Of four failing fetches of 100 ms that come at once."""
    failing = an_origin("100ms", faults=[{"kind": "first", "calls": 9, "status": 503}])
    mutex = {"id_from": "global", "gate": "block_concurrency", **rule}
    outcomes = simulated(a_path({"durable_object": mutex}, failing), at_ms(0, 0, 0, 0))

    assert statuses(outcomes) == [status] * 4
    assert latencies_ms(outcomes) == done_ms
    assert hits(outcomes) == (1 if status == 500 else 4)


def test_results_of_rpc_leave_a_mutex_at_once() -> None:
    """And responses of fetch() behind all who wait."""
    outcomes = simulated(a_mutex(called_by="rpc"), at_ms(0, 0, 0, key=[0, 1, 2]))

    assert latencies_ms(outcomes) == [100, 200, 300]


def test_an_object_that_was_reset_serves_again() -> None:
    """The next request begins a new life of it."""
    failing = an_origin("100ms", faults=[{"kind": "first", "calls": 1, "status": 503}])
    mutex = {"id_from": "global", "gate": "block_concurrency", "on_error": "resets"}
    outcomes = simulated(a_path({"durable_object": mutex}, failing), at_ms(0, 0, 150))

    assert statuses(outcomes) == [500, 500, 200]


def test_a_mutex_that_may_not_be_held_at_all_is_refused() -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match="30s, or unlimited"):
        an_object(block_limit="0ms")
