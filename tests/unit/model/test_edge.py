"""The edge: how a path is put together, and what a run of it writes."""

import gc
from typing import Any

import numpy as np
import pytest

from simcoalesce.model.edge import simulate
from simcoalesce.request import Requests
from tests.builders import (
    a_burst,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    even,
    hits,
    latencies_ms,
    lookups,
    simulated,
)

WRITE: dict[str, Any] = {"kv.write": {"writes_per_key": "unlimited"}}


@pytest.mark.parametrize(("read_at", "calls"), [("end", 400), ("start", 410)])
def test_a_cold_key_costs_exactly_its_window(read_at: str, calls: int) -> None:
    """800 arrivals 0.5 ms apart; visible at 5 + 120 + 80 = 205 ms.

    Looked up at the end, who arrives before 200 ms misses; at the start, before 205.
    """
    path = a_path({"kv.read": {"read_at": read_at}}, WRITE, an_origin("120ms"))

    assert hits(simulated(path, even(800, 500_000, isolates=400))) == calls


def test_an_object_of_the_key_costs_one_call() -> None:
    """The same arrivals, coalesced: the flight ends when the put is visible."""
    path = a_path(
        {"kv.read": {"read_at": "end"}}, "durable_object", WRITE, an_origin("120ms")
    )

    assert hits(simulated(path, even(800, 500_000, isolates=400))) == 1


def test_reads_under_way_at_the_end_of_a_flight_open_another() -> None:
    """Looked up at their start: absent at 204.5 ms, at the object at 209.5 ms."""
    path = a_path("kv.read", "durable_object", WRITE, an_origin("120ms"))

    assert calls_ms(simulated(path, even(800, 500_000))) == [5, 205]


@pytest.mark.parametrize("second_look", ["kv.read", "memory"])
def test_a_second_look_in_the_object_closes_that_leak(second_look: str) -> None:
    """The object looks again, or remembers, before it fetches."""
    path = a_path("kv.read", "durable_object", second_look, WRITE, an_origin("120ms"))

    assert hits(simulated(path, even(800, 500_000))) == 1


def test_what_follows_an_object_stands_in_it() -> None:
    """A memory before it is the isolate's, one behind it is the object's."""
    ask = at_ms(0, 200, 400, isolate=[0, 1, 0])
    before = a_path("memory", "durable_object", an_origin())
    behind = a_path("durable_object", "memory", an_origin())

    assert lookups(simulated(before, ask)) == [0, 0, 1]
    assert lookups(simulated(behind, ask)) == [0, 1, 1]


def test_layers_of_the_same_kind_have_their_own_draws() -> None:
    """The second read of a path draws its own latency."""
    read = {"kv.read": {"read_latency": {"uniform": ["0ms", "100ms"]}}}
    once = latencies_ms(simulated(a_path(read, an_origin("0ms")), at_ms(0)))
    twice = latencies_ms(simulated(a_path(read, read, an_origin("0ms")), at_ms(0)))

    assert twice[0] != pytest.approx(2 * once[0])


def test_a_new_layer_does_not_change_the_draws_of_another() -> None:
    """The origin takes as long as without the layer, request by request."""
    origin = an_origin({"median": "100ms", "p99": "400ms"})
    alone = simulated(a_path(origin), a_burst(200, within_ns=10**9))
    more = simulated(a_path("kv.read", origin), a_burst(200, within_ns=10**9))

    assert np.array_equal(
        alone.origin_rows.completed_at_ns - alone.origin_rows.called_at_ns,
        more.origin_rows.completed_at_ns - more.origin_rows.called_at_ns,
    )


def test_another_seed_is_other_draws() -> None:
    """And the same seed the same."""
    path = a_path(an_origin({"exponential": "100ms"}))
    runs = [latencies_ms(simulated(path, at_ms(0, 1), seed=s)) for s in (1, 2, 1)]

    assert runs[0] == runs[2] != runs[1]


def test_traffic_may_come_in_chunks() -> None:
    """Cut anywhere, it gives the same rows."""
    path = a_path("kv.read", "single_flight", WRITE, an_origin({"exponential": "9ms"}))
    whole = even(90, 1_000_000, keys=3, isolates=5)
    cut = [
        Requests(first, *(column[first : first + 7] for column in _columns(whole)))
        for first in range(0, 90, 7)
    ]
    one, many = simulated(path, whole), simulated(path, cut)

    assert latencies_ms(one) == latencies_ms(many)
    assert one.request_rows.request.tolist() == many.request_rows.request.tolist()


def _columns(requests: Requests) -> list[Any]:
    return [
        requests.arrived_at_ns,
        requests.key,
        requests.location,
        requests.isolate,
    ]


def test_no_traffic_is_an_empty_run() -> None:
    """No rows, and nothing counted."""
    outcomes = simulate(a_path(an_origin()), [], seed=1, keys=["a"], locations=["b"])

    assert len(outcomes.request_rows.request) == len(outcomes.origin_rows.request) == 0
    assert set(outcomes.usage.values()) == {0}


def test_a_path_that_ends_without_an_answer_is_a_bug() -> None:
    """A scenario refuses it; the model does not guess."""
    with pytest.raises(AssertionError, match="no layer answered request 0"):
        simulated(a_path("kv.read"), at_ms(0))


def test_cpu_time_is_that_of_each_worker_request() -> None:
    """Two requests of 3 ms."""
    outcomes = simulate(
        a_path(an_origin()),
        [at_ms(0, 1)],
        seed=1,
        keys=["a"],
        locations=["b"],
        cpu_ns=3_000_000,
    )

    assert outcomes.usage["worker_cpu_ms"] == 6


ALL_LAYERS = a_path(
    {"retry": {"attempts": 2}},
    {"timeout": {"after": "150ms", "cancels": True}},
    {"kv.read": {"stale_while_revalidate": "1s"}},
    {"single_flight": {"leader_bound": True}},
    {"durable_object": {"gate": "block_concurrency", "queue_timeout": "1s"}},
    "memory",
    WRITE,
    an_origin("100ms", faults=[{"kind": "random", "probability": "20%"}]),
)


def test_a_run_leaves_no_cycles_for_the_collector() -> None:
    """The collector is paused during a run: what a run makes must go by itself."""
    requests = a_burst(2_000, within_ns=10**10, isolates=7)
    simulated(ALL_LAYERS, requests)
    gc.collect()
    gc.disable()
    try:
        simulated(ALL_LAYERS, requests)
        left = gc.collect()
    finally:
        gc.enable()

    # The parts of one run refer to each other; its requests must not.
    assert left < 200


def test_the_collector_is_on_again_after_a_run() -> None:
    """Also after one that failed."""
    with pytest.raises(AssertionError):
        simulated(a_path("kv.read"), at_ms(0))

    assert gc.isenabled()
