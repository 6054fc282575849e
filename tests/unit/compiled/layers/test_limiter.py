"""The kernel of limiter: who passes at once, who waits, and who is refused."""

from typing import Any

import pytest

from simcoalesce.compiled.api import simulate_compiled
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    latencies_ms,
    statuses,
)

pytest.importorskip("llvmlite", reason="the compiled engine needs llvmlite")

BUCKET = {"kind": "token_bucket", "rate": "10/s", "burst": 1}
"""A token each 100 ms."""


def limited(requests: Requests, *before: Any, **fields: Any) -> Outcomes:
    """Return what a limiter makes of requests, before an origin of 10 ms."""
    limiter = {"limiter": {"rate_limit": BUCKET, **fields}}
    return simulate_compiled(
        a_path(*before, limiter, an_origin("10ms")),
        [requests],
        seed=1,
        keys=("a/1", "a/2", "b/1"),
        locations=("one", "two"),
    )


def test_what_exceeds_the_limit_is_refused_at_once() -> None:
    """The token of 100 ms is for the third; a refusal takes none."""
    outcomes = limited(at_ms(0, 50, 100, 199))

    assert statuses(outcomes) == [200, 429, 200, 429]
    assert latencies_ms(outcomes) == [10, 0, 10, 0]
    assert outcomes.usage["limiter_refused"] == 2
    assert outcomes.usage["worker_requests"] == 2


def test_who_waits_goes_on_at_the_instant_of_a_token() -> None:
    """In order of arrival: at 100, 200 and 300 ms."""
    outcomes = limited(at_ms(0, 0, 30, 60), wait="unlimited")

    assert calls_ms(outcomes) == [0, 100, 200, 300]
    assert latencies_ms(outcomes) == [10, 110, 180, 250]


def test_who_would_wait_too_long_takes_no_token() -> None:
    """The third would wait for 200 ms, longer than 150; the fourth takes that token."""
    outcomes = limited(at_ms(0, 0, 0, 50), wait="150ms")

    assert statuses(outcomes) == [200, 200, 429, 200]
    assert calls_ms(outcomes) == [0, 100, 200]


def test_who_finds_too_many_waiting_is_refused() -> None:
    """Two wait; the fourth finds them, and the fifth, at 100 ms, one of them."""
    fields = {"wait": "unlimited", "queue_limit": 2, "status": 503}
    outcomes = limited(at_ms(0, 0, 0, 0, 100), **fields)

    assert statuses(outcomes) == [200, 200, 200, 503, 200]
    assert calls_ms(outcomes) == [0, 100, 200, 300]


def test_who_leaves_waits_no_longer_and_leaves_its_token_spent() -> None:
    """The second leaves at 40 ms: the third may wait, for the token of 200 ms."""
    leaves = {"timeout": {"after": "40ms", "cancels": True}}
    requests = at_ms(0, 0, 170)
    outcomes = limited(requests, leaves, wait="unlimited", queue_limit=1)

    assert statuses(outcomes) == [200, 504, 200]
    assert outcomes.request_rows.latency_ns.tolist() == [10 * MS, 40 * MS, 40 * MS]
    assert outcomes.usage["worker_requests"] == 2


@pytest.mark.parametrize(
    ("whose", "calls"),
    [("origin", [0, 100, 200]), ("tenant", [0, 0, 100]), ("key", [0, 0, 0])],
)
def test_calls_that_are_counted_together_share_a_queue(
    whose: str, calls: list[float]
) -> None:
    """Of a/1, a/2 and b/1: all three, two of the tenant a, or each alone."""
    limit = {**BUCKET, "for_each": whose}
    outcomes = limited(at_ms(0, 0, 0, key=[0, 1, 2]), rate_limit=limit, wait="1s")

    assert calls_ms(outcomes) == calls


@pytest.mark.parametrize(
    ("kept_in", "admitted"), [("isolate", 4), ("location", 2), ("global", 1)]
)
def test_a_limit_is_kept_in_each_isolate_or_location_or_once(
    kept_in: str, admitted: int
) -> None:
    """One token for each of them, of four isolates in two locations."""
    requests = at_ms(0, 0, 0, 0, location=[0, 0, 1, 1], isolate=[0, 1, 2, 3])

    assert statuses(limited(requests, kept_in=kept_in)).count(200) == admitted


@pytest.mark.parametrize(
    ("retry_after", "calls"),
    [("none", [0]), ("exact", [0, 1_050]), ("70ms", [0, 120])],
)
def test_a_refusal_may_say_when_to_come_back(
    retry_after: str, calls: list[float]
) -> None:
    """Refused at 50 ms, the next token is 50 ms away: in whole seconds, 1 s."""
    retry = {"retry": {"backoff": "10ms", "jitter": "none", "attempts": 2}}

    assert calls_ms(limited(at_ms(0, 50), retry, retry_after=retry_after)) == calls
