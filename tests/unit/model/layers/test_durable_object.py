"""durable_object: which object, how far away, and what it forgets."""

from typing import Any

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


def an_object(**fields: Any) -> dict[str, dict[str, Any]]:
    """Return an object's entry in a path."""
    return {"durable_object": fields}


def test_all_isolates_share_the_object_of_a_key() -> None:
    """One fetch for all who come before it ends."""
    path = a_path("durable_object", an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 40, 100, isolate=[0, 1, 2]))

    assert (latencies_ms(outcomes), roles(outcomes)) == ([120, 80, 20], [1, 2, 2])


def test_a_hop_is_paid_both_ways() -> None:
    """2 ms there, 120 ms for the fetch, 2 ms back."""
    path = a_path(an_object(hop="2ms"), an_origin("120ms"))
    outcomes = simulated(path, at_ms(0))

    assert (latencies_ms(outcomes), calls_ms(outcomes)) == ([124], [2])


def test_both_ways_are_drawn_apart() -> None:
    """A random hop is not twice the same number."""
    path = a_path(an_object(hop={"uniform": ["0ms", "100ms"]}), an_origin("0ms"))
    outcomes = simulated(path, at_ms(*range(0, 9_000, 1_000)))
    there = [call % 1_000 for call in calls_ms(outcomes)]

    assert all(
        latency != pytest.approx(2 * hop)
        for latency, hop in zip(latencies_ms(outcomes), there, strict=True)
    )


def test_a_hop_depends_on_the_pair_of_locations() -> None:
    """The object is at at-0: from at-1 it is 35 ms, from at-2 the usual 5 ms."""
    layer = an_object(
        hop="5ms", hops={"at-1/at-0": "35ms", "at-0/at-0": "1ms"}, location="at-0"
    )
    outcomes = simulated(
        a_path(layer, an_origin("0ms")), at_ms(0, 100, 200, location=[0, 1, 2])
    )

    assert latencies_ms(outcomes) == [2, 70, 10]


def test_an_object_is_where_it_is_first_asked_for() -> None:
    """The first request comes from at-1; it never moves."""
    layer = an_object(hops={"at-0/at-1": "35ms"})
    outcomes = simulated(
        a_path(layer, an_origin("0ms")), at_ms(0, 100, 200, location=[1, 0, 1])
    )

    assert latencies_ms(outcomes) == [0, 70, 0]


def test_an_object_asked_by_an_object_is_as_far_as_that_one() -> None:
    """The outer object is at at-1: what it asks is there too, and near."""
    outer = an_object(location="at-1")
    inner = an_object(id_from="global", hops={"at-0/at-1": "35ms"})
    outcomes = simulated(a_path(outer, inner, an_origin("0ms")), at_ms(0), locations=2)

    assert latencies_ms(outcomes) == [0]


def test_an_unknown_location_is_refused() -> None:
    """The message says which there are."""
    path = a_path(an_object(location="nrt"), an_origin())

    with pytest.raises(ValueError, match='no location "nrt"; the traffic has: at-0'):
        simulated(path, at_ms(0))


def test_the_first_use_of_an_id_costs_once() -> None:
    """All who come before the object is there wait for it."""
    path = a_path(an_object(first_use="200ms"), an_origin("10ms"))
    outcomes = simulated(path, at_ms(0, 50, 300))

    assert latencies_ms(outcomes) == [210, 160, 10]


@pytest.mark.parametrize(
    ("id_from", "objects"), [("key", 4), ("global", 1), ({"shards": 2}, 2)]
)
def test_ids_come_from_keys_shards_or_are_one(id_from: object, objects: int) -> None:
    """Four keys at once, each a turn of 10 ms: the first turns tell the objects."""
    path = a_path(an_object(id_from=id_from, service_time="10ms"), an_origin("0ms"))
    outcomes = simulated(path, at_ms(0, 0, 0, 0, key=[*range(4)]))

    assert calls_ms(outcomes).count(10) == objects


def test_keys_of_one_object_have_flights_of_their_own() -> None:
    """A global object coalesces each key by itself."""
    path = a_path(an_object(id_from="global"), an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 1, 2, 3, key=[0, 1, 0, 1]))

    assert (hits(outcomes), roles(outcomes)) == (2, [1, 1, 2, 2])


@pytest.mark.parametrize("id_from", ["key", "global"])
def test_product_b_answers_in_its_own_time_through_an_input_gate(id_from: str) -> None:
    """While A's fetch of 600 ms is open, B takes its own 25 ms."""
    path = a_path(
        an_object(id_from=id_from), an_origin("25ms", latency_of={"key-0": "600ms"})
    )
    outcomes = simulated(path, at_ms(0, 100, key=[0, 1]))

    assert latencies_ms(outcomes) == [600, 25]


@pytest.mark.parametrize(
    ("id_from", "latencies"), [("key", [600, 25]), ("global", [625, 525])]
)
def test_product_b_waits_for_product_a_in_one_blocked_object(
    id_from: str, latencies: list[float]
) -> None:
    """Under a mutex B waits until 600 ms, and A's answer lets B go first."""
    path = a_path(
        an_object(id_from=id_from, gate="block_concurrency"),
        an_origin("25ms", latency_of={"key-0": "600ms"}),
    )
    outcomes = simulated(path, at_ms(0, 100, key=[0, 1]))

    assert latencies_ms(outcomes) == latencies


@pytest.mark.parametrize(
    ("cleanup", "later"),
    [("finally", 200), ("on_failure", 200), ("on_success", 500), ("never", 500)],
)
def test_a_first_failure_poisons_a_key_that_is_not_cleaned_up(
    cleanup: str, later: int
) -> None:
    """Steady traffic keeps the object, and the failure in its map."""
    path = a_path(
        an_object(cleanup=cleanup), an_origin(faults=[{"kind": "first", "calls": 1}])
    )
    outcomes = simulated(path, at_ms(0, 5_000, 10_000, 15_000))

    assert statuses(outcomes) == [500, later, later, later]


@pytest.mark.parametrize(
    ("cleanup", "calls"),
    [("finally", 4), ("on_success", 4), ("on_failure", 1), ("never", 1)],
)
def test_a_first_success_is_served_for_ever_if_it_stays(
    cleanup: str, calls: int
) -> None:
    """Steady traffic keeps the object, and the first success in its map."""
    path = a_path(an_object(cleanup=cleanup), an_origin())

    assert hits(simulated(path, at_ms(0, 5_000, 10_000, 15_000))) == calls


@pytest.mark.parametrize(
    ("idle_ms", "status"), [(9_999, 500), (10_000, 200), (60_000, 200)]
)
def test_eviction_heals_a_poisoned_key(idle_ms: float, status: int) -> None:
    """After ten idle seconds the map is gone, and the failure with it."""
    path = a_path(
        an_object(cleanup="on_success"),
        an_origin("1ms", faults=[{"kind": "first", "calls": 1}]),
    )

    assert statuses(simulated(path, at_ms(0, 1 + idle_ms)))[1] == status


def test_an_object_may_stay_for_ever() -> None:
    """Without eviction the failure stays for a day."""
    path = a_path(
        an_object(cleanup="on_success", eviction_after="unlimited"),
        an_origin(faults=[{"kind": "first", "calls": 1}]),
    )

    assert statuses(simulated(path, at_ms(0, 86_400_000)))[1] == 500


def test_active_time_is_shared_by_those_who_wait_together() -> None:
    """Active from 0 to 120 ms and from 500 to 620 ms: 0.24 s at 0.128 GB."""
    path = a_path("durable_object", an_origin("120ms"))
    usage = simulated(path, at_ms(0, 40, 100, 500)).usage

    assert usage["object_gb_s"] == pytest.approx(0.24 * 0.128)
    assert usage["object_requests"] == 4


def test_hops_are_not_active_time() -> None:
    """A request on its way does not hold the object awake."""
    path = a_path(an_object(hop="50ms"), an_origin("120ms"))

    assert simulated(path, at_ms(0)).usage["object_gb_s"] == pytest.approx(0.12 * 0.128)


def test_a_cancelled_request_leaves_its_object() -> None:
    """It is active until its fetch has ended, as the client hangs up at 50 ms."""
    path = a_path(
        {"timeout": {"after": "50ms", "cancels": True}},
        "durable_object",
        an_origin("120ms"),
    )
    usage = simulated(path, at_ms(0)).usage

    assert usage["object_gb_s"] == pytest.approx(0.12 * 0.128)


def _in_background(*arrivals_ms: float, **fields: Any) -> float:
    """Return for how many seconds an object with puts of 80 ms is active."""
    put = {"acknowledge": "background", "writes_per_key": "unlimited", **fields}
    path = a_path("durable_object", {"kv.write": put}, an_origin("120ms"))
    return simulated(path, at_ms(*arrivals_ms)).usage["object_gb_s"] / 0.128


@pytest.mark.parametrize(
    ("arrivals_ms", "active_s"),
    [
        ((0,), 0.200),
        ((0, 500), 0.400),
        # Inside from 0 to 120 and from 150 to 270; puts until 200 and 350 ms.
        ((0, 150), 0.350),
    ],
)
def test_an_object_is_active_until_its_put_is_acknowledged(
    arrivals_ms: tuple[float, ...], active_s: float
) -> None:
    """It answers after 120 ms, and its put takes 80 ms more; no time counts twice."""
    assert _in_background(*arrivals_ms) == pytest.approx(active_s)


def test_a_refused_put_takes_its_time_too() -> None:
    """The second of two puts within a second is refused, 80 ms after it is issued."""
    assert _in_background(0, 500, writes_per_key="1/s") == pytest.approx(0.4)


def test_a_put_of_a_worker_keeps_no_object_active() -> None:
    """It stands before the object."""
    put = {"kv.write": {"acknowledge": "background"}}
    path = a_path(put, "durable_object", an_origin("120ms"))

    assert simulated(path, at_ms(0)).usage["object_gb_s"] == pytest.approx(0.12 * 0.128)


@pytest.mark.parametrize("gate", ["input_gate", "block_concurrency"])
def test_an_object_is_active_until_a_put_that_it_awaits_without_callers(
    gate: str,
) -> None:
    """All hang up at 50 ms; the fetch takes 120 ms, and the awaited put 80 ms more."""
    path = a_path(
        {"timeout": {"after": "50ms", "cancels": True}},
        an_object(gate=gate),
        "kv.write",
        an_origin("120ms"),
    )
    usage = simulated(path, at_ms(0, 10)).usage

    assert usage["object_gb_s"] == pytest.approx(0.2 * 0.128)


def test_a_pending_fetch_keeps_the_memory_of_an_object() -> None:
    """It lasts 12 s; who comes at 11 s joins it, though idle objects forget at 10 s."""
    path = a_path(
        {"timeout": {"after": "50ms", "cancels": True}},
        "durable_object",
        an_origin("12s"),
    )

    assert hits(simulated(path, at_ms(0, 11_000))) == 1
