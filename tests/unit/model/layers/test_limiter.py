"""limiter: who passes at once, who waits, and who is refused."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.layer import Layer
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    even,
    hits,
    latencies_ms,
    simulated,
    statuses,
)

BUCKET = {"kind": "token_bucket", "rate": "10/s", "burst": 1}
"""A token each 100 ms."""


def limited(*before: Any, behind: tuple[Any, ...] = (), **fields: Any) -> list[Layer]:
    """Return a path with a limiter before an origin of 10 ms."""
    limiter = {"rate_limit": BUCKET, **fields}
    return a_path(*before, {"limiter": limiter}, *behind, an_origin("10ms"))


def test_what_exceeds_the_limit_is_refused_at_once() -> None:
    """The token of 100 ms is for the third, and the origin sees no other."""
    outcomes = simulated(limited(), at_ms(0, 50, 100, 199))

    assert statuses(outcomes) == [200, 429, 200, 429]
    assert latencies_ms(outcomes) == [10, 0, 10, 0]
    assert calls_ms(outcomes) == [0, 100]
    assert outcomes.usage["limiter_refused"] == 2


def test_who_waits_goes_on_at_the_instant_of_a_token() -> None:
    """In order of arrival: at 100, 200 and 300 ms."""
    outcomes = simulated(limited(wait="unlimited"), at_ms(0, 0, 30, 60))

    assert calls_ms(outcomes) == [0, 100, 200, 300]
    assert latencies_ms(outcomes) == [10, 110, 180, 250]


def test_who_would_wait_too_long_is_refused_at_once_and_takes_no_token() -> None:
    """The third would wait for 200 ms, longer than 150; the fourth takes that token."""
    outcomes = simulated(limited(wait="150ms"), at_ms(0, 0, 0, 50))

    assert statuses(outcomes) == [200, 200, 429, 200]
    assert latencies_ms(outcomes) == [10, 110, 0, 160]


@pytest.mark.parametrize(("wait", "status"), [("100ms", 200), ("99999999ns", 429)])
def test_a_wait_of_just_the_longest_is_no_refusal(wait: str, status: int) -> None:
    """One nanosecond less is too short."""
    assert statuses(simulated(limited(wait=wait), at_ms(0, 0))) == [200, status]


def test_a_full_waiting_room_refuses() -> None:
    """Two wait; the fourth finds it full, the fifth a place at 100 ms."""
    path = limited(wait="unlimited", queue_limit=2, status=503)
    outcomes = simulated(path, at_ms(0, 0, 0, 0, 100))

    assert statuses(outcomes) == [200, 200, 200, 503, 200]
    assert calls_ms(outcomes) == [0, 100, 200, 300]


@pytest.mark.parametrize(
    ("limit", "calls"),
    [
        ({"kind": "fixed_window", "limit": 2, "per": "100ms"}, [0, 0, 100, 100, 200]),
        ({"kind": "sliding_window", "limit": 2, "per": "90ms"}, [0, 0, 90, 90, 180]),
        ({"kind": "leaky_bucket", "leak": "10/s", "bucket": 2}, [0, 0, 100, 200, 300]),
        ([BUCKET, {"kind": "fixed_window", "limit": 1, "per": "150ms"}], None),
    ],
)
def test_any_rule_can_be_waited_for(limit: Any, calls: list[float] | None) -> None:
    """A list must all admit: the bucket at 100 ms and then, the window each 150 ms."""
    path = limited(rate_limit=limit, wait="unlimited")

    assert calls_ms(simulated(path, at_ms(0, 0, 0, 0, 0))) == (
        calls or [0, 150, 300, 450, 600]
    )


@pytest.mark.parametrize(
    ("kept_in", "admitted"), [("isolate", 4), ("location", 2), ("global", 1)]
)
def test_a_limit_is_kept_in_each_isolate_or_location_or_once(
    kept_in: str, admitted: int
) -> None:
    """One token for each of them, of four isolates in two locations."""
    requests = at_ms(0, 0, 0, 0, location=[0, 0, 1, 1], isolate=[0, 1, 2, 3])
    outcomes = simulated(limited(kept_in=kept_in), requests)

    assert statuses(outcomes).count(200) == admitted


def test_an_object_keeps_a_limit_of_its_own() -> None:
    """Two isolates, one object for each key: a token for each key."""
    requests = at_ms(0, 0, 20, 20, key=[0, 1, 0, 1], isolate=[0, 0, 1, 1])
    outcomes = simulated(limited("durable_object"), requests)

    assert statuses(outcomes) == [200, 200, 429, 429]


def test_each_key_may_have_a_limit_of_its_own() -> None:
    """Who waits for one key's token holds up nobody else."""
    path = limited(rate_limit={**BUCKET, "for_each": "key"}, wait="unlimited")
    outcomes = simulated(path, at_ms(0, 0, 0, 0, key=[0, 0, 1, 1]))

    assert latencies_ms(outcomes) == [10, 110, 10, 110]


@pytest.mark.parametrize(
    ("retry_after", "calls"),
    [("none", [0]), ("exact", [0, 1_050]), ("70ms", [0, 120])],
)
def test_a_refusal_may_say_when_to_come_back(
    retry_after: str, calls: list[float]
) -> None:
    """Refused at 50 ms, the next token is 50 ms away: in whole seconds, 1 s."""
    retry = {"retry": {"backoff": "10ms", "jitter": "none", "attempts": 2}}
    path = limited(retry, retry_after=retry_after)

    assert calls_ms(simulated(path, at_ms(0, 50))) == calls


def test_a_client_that_leaves_leaves_its_token_spent() -> None:
    """The second leaves at 40 ms, so nobody calls at 100 ms; its place is free."""
    leaves = {"abandon": {"after": "40ms", "requests": [2]}}
    path = limited(leaves, wait="unlimited", queue_limit=1)
    outcomes = simulated(path, at_ms(0, 0, 50))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([200, 499, 200], [0, 200])


def test_who_waits_fetches_what_has_been_stored_meanwhile() -> None:
    """The value is there at 110 ms; behind the limiter nobody looks again."""
    cache = {"kv.read": {"read_latency": "0ms"}}
    put = {"kv.write": {"write_latency": "100ms", "on_refused": "ignore"}}
    path = limited(cache, wait="10s", behind=(put,))
    outcomes = simulated(path, even(20, 1 * MS))

    assert calls_ms(outcomes) == [number * 100 for number in range(20)]


def test_who_looks_again_behind_the_limiter_finds_it() -> None:
    """Only the calls of 0 and 100 ms are made before the value is there."""
    cache = {"kv.read": {"read_latency": "0ms"}}
    put = {"kv.write": {"write_latency": "100ms", "on_refused": "ignore"}}
    path = limited(cache, wait="10s", behind=(cache, put))
    outcomes = simulated(path, even(20, 1 * MS))

    assert (hits(outcomes), set(statuses(outcomes))) == (2, {200})


def test_a_refusal_before_the_worker_is_no_request_of_it() -> None:
    """Behind a cache of the worker it is one."""
    read = {"kv.read": {"read_latency": "0ms"}}
    outside, inside = (
        simulated(path, at_ms(0, 0, 0)).usage["worker_requests"]
        for path in (limited(), limited(read))
    )

    assert (outside, inside) == (1, 3)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rate_limit": {"kind": "concurrency", "limit": 3}}, "bulkhead"),
        ({"rate_limit": "github-secondary"}, "bulkhead"),
        ({"rate_limit": [BUCKET, {**BUCKET, "for_each": "key"}], "wait": "1s"}, "each"),
        ({"rate_limit": BUCKET, "status": 200}, "status"),
        ({}, "rate_limit"),
    ],
)
def test_what_no_limiter_can_do_is_refused(
    fields: dict[str, Any], message: str
) -> None:
    """With what to write instead."""
    with pytest.raises(ValidationError, match=message):
        a_path({"limiter": fields}, an_origin())
