"""A path is cut by key only where keys share nothing."""

from typing import Any

import pytest

from simcoalesce.compiled.shards import why_whole
from tests.builders import a_path, an_origin

LIMIT: dict[str, Any] = {"kind": "concurrency", "limit": 9}
LIMITER: dict[str, Any] = {"kind": "fixed_window", "limit": 9, "per": "1s"}
_PER_KEY = ("single_flight", "durable_object", "memory", {"timeout": {"after": "1s"}})


def test_what_belongs_to_a_key_can_be_cut() -> None:
    """KV, flights, an object for each key, memory, a deadline, limits for each."""
    origin = an_origin(rate_limit={**LIMIT, "for_each": "key"})
    path = a_path(*_PER_KEY[3:], "kv.read", *_PER_KEY[:3], "kv.write", origin)

    assert why_whole(path) == ""


def test_load_control_that_counts_each_key_apart_can_be_cut() -> None:
    """A line for each key, a limit for each key."""
    limiter = {"limiter": {"rate_limit": {**LIMITER, "for_each": "key"}}}

    assert not why_whole(
        a_path(limiter, {"bulkhead": {"for_each": "key"}}, an_origin())
    )


@pytest.mark.parametrize(
    ("layer", "shared"),
    [
        ({"durable_object": {"id_from": "global"}}, "an object"),
        ({"durable_object": {"id_from": {"shards": 3}}}, "an object"),
        ({"retry": {"budget": "20%"}}, "the budget of retries"),
        ("circuit_breaker", "the state of the circuit breaker"),
        ({"bulkhead": {"for_each": "tenant"}}, "the state of the bulkhead"),
        ({"limiter": {"rate_limit": LIMITER}}, "the state of the limiter"),
        ({"hedge": {"after": "9ms", "budget": "20%"}}, "the budget of hedges"),
        (
            {"hedge": {"after": {"quantile": "p95", "at_first": "9ms"}}},
            "the latencies that hedges have seen",
        ),
        ("batch", "a batch"),
    ],
)
def test_a_layer_that_keys_share_is_named(layer: Any, shared: str) -> None:
    """One object for several keys, one budget for all clients, one call for several."""
    assert why_whole(a_path(layer, "kv.read", an_origin())) == shared


def test_origins_know_of_each_others_callers() -> None:
    """What fails for one key takes an origin out for all."""
    path = a_path("kv.read", {"origins": {"of": {"eu": an_origin()["origin"]}}})

    assert why_whole(path) == "the health of origins"


@pytest.mark.parametrize(
    ("origin", "shared"),
    [
        ({"rate_limit": LIMIT}, "the rate limit of the origin"),
        ({"rate_limit": {**LIMIT, "for_each": "tenant"}}, "the rate limit of a tenant"),
        ({"concurrency": 2}, "the servers"),
        ({"faults": [{"kind": "first", "calls": 3}]}, "the count of calls"),
        ({"max_age": ["1s", "9s"]}, "the count of calls, of which the first"),
    ],
)
def test_an_origin_that_counts_is_named(origin: Any, shared: str) -> None:
    """Its limit, its servers and its first calls are of all keys together."""
    path = a_path("kv.read", {"origin": {"latency": "9ms", **origin}})

    assert why_whole(path).startswith(shared)
