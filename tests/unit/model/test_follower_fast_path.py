"""Followers: who surely joins a flight becomes no process, and all others do."""

from typing import Any

import numpy as np
import pytest

from simcoalesce.model import arrivals
from simcoalesce.model.clock import Clock
from simcoalesce.outcomes import Role
from simcoalesce.request import Request, Requests
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    at_ns,
    even,
    latencies_ms,
    simulated,
    tables,
)


@pytest.fixture(name="process_ids")
def _process_ids(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that fills with the requests which become processes."""
    ids: list[int] = []
    start = arrivals.start

    def noted(clock: Clock, request: Request, *rest: Any) -> None:
        ids.append(request.id)
        start(clock, request, *rest)

    monkeypatch.setattr(arrivals, "start", noted)
    return ids


def coalesced(traffic: Requests, *layers: Any) -> list[float]:
    """Return latencies behind a read of 5 ms and layers, before 120 ms of origin."""
    path = a_path("kv.read", *layers, an_origin("120ms"))
    return latencies_ms(simulated(path, traffic))


@pytest.mark.parametrize(
    "layer", ["single_flight", "durable_object", {"durable_object": {"hop": "2ms"}}]
)
def test_who_joins_an_open_flight_before_it_can_end_is_no_process(
    layer: Any, process_ids: list[int]
) -> None:
    """At 3 ms no flight is open yet; who comes at 120 ms arrives when it ends."""
    coalesced(at_ms(0, 3, 10, 119, 120), layer)

    assert process_ids == [0, 1, 4]


def test_followers_are_answered_when_the_flight_lands(process_ids: list[int]) -> None:
    """At 125 ms, as if they had waited."""
    latencies = coalesced(at_ms(0, 10, 119), "single_flight")

    assert (latencies, process_ids) == ([125.0, 115.0, 6.0], [0])


def test_many_follow_at_once(process_ids: list[int]) -> None:
    """Of 800 within a flight, those before it opens and at its end are processes."""
    outcomes = simulated(
        a_path("kv.read", {"durable_object": {"hop": "2ms"}}, an_origin("1s")),
        even(800, MS),
    )

    assert len(process_ids) == 7
    assert (outcomes.request_rows.role == Role.FOLLOWER).sum() == 799
    assert outcomes.usage["object_requests"] == 800


@pytest.mark.parametrize(
    "layer",
    [
        {"single_flight": {"leader_bound": True}},
        {"durable_object": {"gate": "block_concurrency"}},
        {"durable_object": {"service_time": "1ms"}},
    ],
)
def test_what_may_happen_on_the_way_is_left_to_the_model(
    layer: Any, process_ids: list[int]
) -> None:
    """A leader that may leave, a mutex, a queue: nobody is completed."""
    coalesced(at_ms(0, 10, 20), layer)

    assert process_ids == [0, 1, 2]


@pytest.mark.parametrize(
    ("traffic", "processes"), [(at_ms(0, 10, 20, 119), 1), (even(800, MS), 5)]
)
def test_followers_without_a_process_have_read_kv_as_all_others(
    traffic: Requests, processes: int, process_ids: list[int]
) -> None:
    """One by one or in bulk: each of them is a read that is paid for."""
    path = a_path("kv.read", "single_flight", an_origin("1s"))

    outcomes = simulated(path, traffic)

    assert len(process_ids) == processes
    assert outcomes.usage["kv_reads"] == len(traffic)


@pytest.mark.parametrize(
    ("read", "write", "origin", "per_ms"),
    [
        ({}, {"write_latency": "20ms", "ttl": "60ms"}, "30ms", 4),
        ({"read_latency": "40ms"}, {"propagation": "50ms"}, "400ms", 4),
        (
            {"read_latency": {"uniform": ["0ms", "60ms"]}, "read_at": "end"},
            {"write_latency": "10ms"},
            {"uniform": ["5ms", "200ms"]},
            4,
        ),
        (
            {"read_latency": {"median": "1ms", "p99": "12ms"}, "read_at": "end"},
            {"write_latency": "10ms"},
            {"uniform": ["20ms", "90ms"]},
            40,
        ),
    ],
    ids=["puts that expire", "puts of elsewhere", "slow reads", "rare slow reads"],
)
@pytest.mark.parametrize(
    "layer",
    ["single_flight", {"durable_object": {"hop": {"uniform": ["0ms", "20ms"]}}}],
    ids=["isolate", "object"],
)
def test_the_fast_path_changes_no_row_and_no_count(
    read: Any, write: Any, origin: Any, per_ms: int, layer: Any
) -> None:
    """Every request a process, or as few as can be: the same tables and usage."""
    puts = {"writes_per_key": "unlimited", "ttl": "90ms"} | write
    path = a_path({"kv.read": read}, layer, {"kv.write": puts}, an_origin(origin))
    number = np.arange(4_000)
    traffic = at_ns(
        number * MS // per_ms,
        key=(number // 7 % 2).tolist(),
        location=(number // 3 % 2).tolist(),
        isolate=(number % 8).tolist(),
    )

    fast, slow = (
        tables(simulated(path, traffic, uses_fast_path=is_fast))
        for is_fast in (True, False)
    )

    assert fast == slow
