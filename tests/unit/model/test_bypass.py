"""Requests that no store and no flight may answer go past those, not past others."""

from typing import Any

import pytest

from simcoalesce.outcomes import Lookup, Role
from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    latencies_ms,
    lookups,
    roles,
    simulated,
    statuses,
)

KV = {"kv.read": {"read_latency": "5ms"}}, {"kv.write": {"write_latency": "80ms"}}
MISS, HIT, BYPASS = (int(one) for one in (Lookup.MISS, Lookup.HIT, Lookup.BYPASS))


def test_a_post_asks_no_store_and_leaves_nothing_there() -> None:
    """It calls at 0 ms, and so does the GET at 200 ms, which misses; another hits."""
    run = simulated(a_path(*KV, an_origin("120ms")), at_ms(0, 200, 900, bypass=[0]))

    assert lookups(run) == [BYPASS, MISS, HIT]
    assert calls_ms(run) == [0, 205]
    assert latencies_ms(run) == [120, 205, 5]
    assert (run.usage["kv_reads"], run.usage["kv_writes"]) == (2, 1)


def test_a_post_is_not_answered_from_a_store() -> None:
    """A value is there from 205 ms on, and stays there: the GET after it hits."""
    run = simulated(a_path(*KV, an_origin("120ms")), at_ms(0, 500, 501, bypass=[1]))

    assert lookups(run) == [MISS, BYPASS, HIT]
    assert calls_ms(run) == [5, 500]


@pytest.mark.parametrize("layer", ["single_flight", "durable_object", "lock", "batch"])
def test_a_post_neither_joins_a_fetch_nor_is_joined(layer: str) -> None:
    """At 0 ms one GET, then a POST, then a GET that follows the first."""
    path = a_path(layer, an_origin("120ms"))
    run = simulated(path, at_ms(0, 10, 20, bypass=[1]))

    is_batch = layer == "batch"
    assert calls_ms(run) == [0, 10] + [20] * is_batch
    assert latencies_ms(run)[1] == 120
    assert roles(run)[1] == Role.NONE


def test_no_object_is_asked_or_waited_for() -> None:
    """The GET is in its hop until 30 ms, and its object works until 80 ms."""
    layer = {"durable_object": {"hop": "30ms", "service_time": "50ms"}}
    run = simulated(a_path(layer, an_origin("120ms")), at_ms(0, 40, bypass=[1]))

    assert calls_ms(run) == [40, 80]
    assert latencies_ms(run) == [230, 120]
    assert run.usage["object_requests"] == 1


def test_a_mutex_holds_up_no_post() -> None:
    """One object for all keys, held by the first GET until 120 ms."""
    layer = {"durable_object": {"id_from": "global", "gate": "block_concurrency"}}
    path = a_path(layer, an_origin("120ms"))
    run = simulated(path, at_ms(0, 10, 20, key=[0, 1, 2], bypass=[1]))

    assert calls_ms(run) == [0, 10, 120]


def test_a_post_takes_of_the_limit_of_the_origin() -> None:
    """Two calls of a minute are its POSTs', and the GET is refused."""
    limit = {"kind": "fixed_window", "limit": 2, "per": "60s"}
    path = a_path(*KV, an_origin("10ms", rate_limit=limit))
    run = simulated(path, at_ms(0, 1, 2, bypass=[0, 1]))

    assert statuses(run) == [200, 200, 429]


def test_a_post_waits_for_a_server_and_is_tried_again() -> None:
    """The first call fails; the second try begins at 20 ms, behind the GET's call."""
    fault = {"kind": "first", "calls": 1}
    origin = an_origin("10ms", concurrency=1, faults=[fault])
    retry = {"retry": {"attempts": 2, "backoff": "5ms", "jitter": "none"}}
    run = simulated(a_path(retry, "memory", origin), at_ms(0, 12, bypass=[0]))

    assert calls_ms(run) == [0, 12, 15]
    assert latencies_ms(run) == [32, 10]


def test_a_bulkhead_in_an_object_has_a_post_in_its_isolate() -> None:
    """One call at once in the object of the key; the POST does not wait for it."""
    bulkhead = {"bulkhead": {"limit": 1, "queue_timeout": "unlimited"}}
    path = a_path("durable_object", bulkhead, an_origin("100ms"))
    run = simulated(path, at_ms(0, 10, 20, isolate=[1, 1, 1], bypass=[1, 2]))

    assert calls_ms(run) == [0, 10, 110]


def test_hits_behind_a_post_are_completed_at_their_arrival() -> None:
    """Of 200 hits in a row every twentieth is a POST: with the fast path or without."""
    requests = at_ms(*range(0, 2_000, 10), bypass=range(40, 200, 20))
    path: list[Any] = a_path(*KV, an_origin("120ms"))
    fast, plain = (
        simulated(path, requests, uses_fast_path=is_fast) for is_fast in (True, False)
    )

    assert lookups(fast) == lookups(plain)
    assert lookups(fast).count(BYPASS) == 8
    assert calls_ms(fast) == calls_ms(plain)
