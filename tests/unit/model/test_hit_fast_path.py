"""Hits on the fast path: what a read is sure to find is answered at its arrival."""

from typing import Any

import numpy as np
import pytest
from typing_extensions import override

from simcoalesce.distribution import Distribution
from simcoalesce.model.clock import ANSWER, Fetch, Steps
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.kv_read import KvRead
from simcoalesce.request import Request
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    at_ns,
    lookups,
    simulated,
    tables,
)

HIT, MISS = 1, 0


STRAGGLERS = {"uniform": ["10ms", "2s"]}
"""Latencies of an origin whose late answers are put while others are hit."""


@pytest.mark.parametrize(
    ("read", "write"),
    [
        ({}, {"write_latency": "20ms"}),
        ({}, {"write_latency": "20ms", "ttl": "60ms"}),
        ({"read_latency": "40ms"}, {"propagation": "50ms"}),
        ({"read_at": "end"}, {"write_latency": "20ms", "ttl": "60ms"}),
        ({"read_at": "end", "read_latency": "40ms"}, {"write_latency": "10ms"}),
    ],
)
def test_the_fast_path_changes_no_row_and_no_count(read: Any, write: Any) -> None:
    """Every request a process, or as few as can be: the same tables and usage."""
    puts = {"writes_per_key": "unlimited", "ttl": "10s"} | write
    path = a_path({"kv.read": read}, {"kv.write": puts}, an_origin(STRAGGLERS))
    number = np.arange(4_000)
    traffic = at_ns(
        number * MS // 2,
        key=(number // 40 % 2).tolist(),
        location=(number // 80 % 2).tolist(),
    )

    fast, slow = (
        tables(simulated(path, traffic, uses_fast_path=is_fast))
        for is_fast in (True, False)
    )

    assert fast == slow


@pytest.mark.parametrize(("read_at", "last_ms"), [("start", 199), ("end", 194)])
def test_an_entry_is_hit_until_it_expires_and_not_at_that_instant(
    read_at: str, last_ms: int
) -> None:
    """Put at 100 ms with a ttl of 100 ms; a read at its end looks 5 ms later."""
    path = a_path(
        {"kv.read": {"read_latency": "5ms", "read_at": read_at}},
        {"kv.write": {"write_latency": "10ms", "ttl": "100ms"}},
        an_origin("95ms"),
    )
    arrivals = at_ms(0, *range(120, last_ms + 2))

    assert lookups(simulated(path, arrivals)) == [
        MISS,
        *[HIT] * (last_ms - 119),
        MISS,
    ]


def test_a_slow_read_may_see_a_put_that_is_made_after_it_began() -> None:
    """One in a hundred takes longer than a put; the second put is seen from 210 ms."""
    path = a_path(
        {
            "kv.read": {
                "read_at": "end",
                "read_latency": {"median": "1ms", "p99": "15ms"},
            }
        },
        {"kv.write": {"write_latency": "10ms", "writes_per_key": "unlimited"}},
        an_origin("100ms"),
    )
    traffic = at_ms(0, 100, *np.arange(150, 215, 0.025))

    fast, slow = (
        tables(simulated(path, traffic, uses_fast_path=is_fast))
        for is_fast in (True, False)
    )

    assert fast == slow


def test_who_is_answered_with_many_others_sees_the_last_put() -> None:
    """A second put of key 0 is visible from 319 ms on; until 400 key 1 is asked."""
    path = a_path(
        {"kv.read": {"read_latency": "0ms"}},
        {"kv.write": {"write_latency": "60ms", "writes_per_key": "unlimited"}},
        an_origin("100ms"),
    )
    keys = [0, 1, 0, 0, *[1] * 100, 0, *[1] * 19]
    arrivals = at_ms(0, 0, 159, 170, *range(300, 420), key=keys)

    rows = simulated(path, arrivals).request_rows

    made_at_ms = (rows.completed_at_ns - rows.age_ns) // MS
    assert made_at_ms[rows.lookup == HIT].tolist() == [
        100,
        *[100] * 100,
        259,
        *[100] * 19,
    ]


class DecodingRead(KvRead):
    """A read that is not plain: what it answers is decoded for 5 ms."""

    @property
    @override
    def plain_read(self) -> Distribution | None:
        return None

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        read = super().wrap(fetch, context)

        def decode(request: Request) -> Steps:
            answer = yield from read(request)
            yield context.clock.after(5 * MS, ANSWER, request)
            return answer

        return decode


def test_a_layer_says_itself_whether_its_hits_are_certain() -> None:
    """Its class does not."""
    behind = a_path({"kv.write": {"write_latency": "20ms"}}, an_origin("100ms"))
    path, traffic = [DecodingRead(), *behind], at_ms(0, *range(200, 300))

    fast, slow = (
        tables(simulated(path, traffic, uses_fast_path=is_fast))
        for is_fast in (True, False)
    )

    assert fast == slow
