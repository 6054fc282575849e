"""retry: how often, how late, and who pays for it."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
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

DOWN = {"kind": "random", "probability": 1, "status": 503}


def a_retry(*, before: str = "10ms", **fields: Any) -> list[Layer]:
    """Return a path that retries without jitter at an origin that is down."""
    layer = {"jitter": "none", "backoff": "100ms", **fields}
    return a_path({"retry": layer}, an_origin(before, faults=[DOWN]))


def waits_ms(outcomes: Outcomes, latency_ms: float = 10) -> list[float]:
    """Return the waits between the attempts of a single request."""
    return [later - call - latency_ms for call, later in pairwise(calls_ms(outcomes))]


def test_a_failure_is_repeated_up_to_a_number_of_attempts() -> None:
    """Calls at 0, 110 and 320 ms: 10 ms each, waits of 100 and 200 ms."""
    outcomes = simulated(a_retry(attempts=3), at_ms(0))

    assert calls_ms(outcomes) == [0, 110, 320]
    assert (statuses(outcomes), latencies_ms(outcomes)) == ([503], [330])


def test_the_row_counts_the_attempts() -> None:
    """Three attempts are one request."""
    assert simulated(a_retry(attempts=3), at_ms(0)).request_rows.attempts.tolist() == [
        3
    ]


def test_a_success_is_not_repeated() -> None:
    """The second attempt is answered, and there is no third."""
    first = {"kind": "first", "calls": 1}
    path = a_path(
        {"retry": {"jitter": "none"}}, an_origin("10ms", faults=[first, first])
    )
    outcomes = simulated(path, at_ms(0))

    assert (statuses(outcomes), hits(outcomes)) == ([200], 2)


def test_only_some_answers_are_worth_another_attempt() -> None:
    """A 404 is final."""
    missing = {"kind": "random", "probability": 1, "status": 404}
    outcomes = simulated(a_path("retry", an_origin("10ms", faults=[missing])), at_ms(0))

    assert (statuses(outcomes), hits(outcomes)) == ([404], 1)


def test_the_backoff_doubles_up_to_its_cap() -> None:
    """100, 200, 400, and 500 ms from then on."""
    outcomes = simulated(a_retry(attempts=6, cap="500ms"), at_ms(0))

    assert waits_ms(outcomes) == [100, 200, 400, 500, 500]


def test_a_cap_below_the_backoff_is_refused() -> None:
    """It would make the first wait longer than the longest."""
    with pytest.raises(ValidationError, match="cap is below backoff"):
        a_path({"retry": {"backoff": "2s", "cap": "1s"}})


def jittered(jitter: str) -> NDArray[np.float64]:
    """Return the waits of 500 requests before five retries, shape (500, 5)."""
    path = a_retry(before="0ms", attempts=6, cap="500ms", jitter=jitter)
    rows = simulated(path, at_ms(*[0] * 500)).origin_rows
    order = np.lexsort((rows.called_at_ns, rows.request))
    calls_ns = rows.called_at_ns[order].reshape(500, 6)
    return np.diff(calls_ns, axis=1) / MS


def test_full_jitter_lies_between_nothing_and_the_wait() -> None:
    """U(0, min(cap, backoff 2^n)): the mean is half of it."""
    waits, most = jittered("full"), np.array([100, 200, 400, 500, 500])

    assert ((waits >= 0) & (waits < most)).all()
    # Uniform: standard deviation most / sqrt(12), 4 standard errors of 500.
    assert (abs(waits.mean(0) - most / 2) < 4 * most / np.sqrt(12 * 500)).all()


def test_equal_jitter_lies_between_half_and_the_whole_wait() -> None:
    """Half of it, and U(0, half)."""
    waits, most = jittered("equal"), np.array([100, 200, 400, 500, 500])

    assert ((waits >= most / 2) & (waits < most)).all()
    # Uniform: standard deviation most / 2 / sqrt(12), 4 standard errors of 500.
    assert (abs(waits.mean(0) - most * 0.75) < 2 * most / np.sqrt(12 * 500)).all()


def test_decorrelated_jitter_stays_below_thrice_the_last_wait() -> None:
    """min(cap, U(backoff, 3 x last)), the first last being the backoff."""
    waits = jittered("decorrelated")
    last = np.hstack([np.full((500, 1), 100.0), waits[:, :-1]])

    assert (waits >= 100).all()
    assert (waits <= np.minimum(500, 3 * last)).all()
    # Uniform on [100, 300]: standard deviation 57.7, 4 standard errors of 500.
    assert abs(waits[:, 0].mean() - 200) < 4 * 57.7 / np.sqrt(500)


def test_no_jitter_is_no_chance() -> None:
    """All requests of an instant come back together."""
    assert np.ptp(jittered("none"), axis=0).tolist() == [0] * 5


def test_a_refusal_that_says_when_is_obeyed() -> None:
    """The window opens at 10 s: the second attempt comes then, not after 100 ms."""
    limit = {"kind": "fixed_window", "limit": 1, "per": "10s"}
    origin = an_origin("0ms", rate_limit=limit, retry_after="exact", rejects_in="0ms")
    outcomes = simulated(a_path({"retry": {"jitter": "none"}}, origin), at_ms(0, 500))

    assert calls_ms(outcomes) == [0, 500, 10_500]
    assert statuses(outcomes) == [200, 200]


def test_a_client_may_ignore_what_a_refusal_says() -> None:
    """It comes back after its own backoff."""
    limit = {"kind": "fixed_window", "limit": 1, "per": "10s"}
    origin = an_origin("0ms", rate_limit=limit, retry_after="1s", rejects_in="0ms")
    layer = {"jitter": "none", "honours_retry_after": False, "attempts": 2}

    assert calls_ms(simulated(a_path({"retry": layer}, origin), at_ms(0, 500))) == [
        0,
        500,
        600,
    ]


def test_a_budget_limits_the_retries() -> None:
    """A reserve of 2, and a tenth for each request: 10 requests, 2 + 1 retries."""
    path = a_retry(attempts=2, budget="10%", budget_reserve=2)
    outcomes = simulated(path, at_ms(*range(0, 10_000, 1_000)))

    assert hits(outcomes) == 10 + 2


def test_a_budget_is_earned_by_requests() -> None:
    """After 10 more requests, each a tenth, there is one more retry."""
    path = a_retry(attempts=2, budget="10%", budget_reserve=1)
    outcomes = simulated(path, at_ms(*range(0, 21_000, 1_000)))

    assert outcomes.request_rows.attempts.tolist().count(2) == 2


def test_retries_of_a_client_are_worker_requests() -> None:
    """Each attempt before the worker starts it again."""
    outcomes = simulated(a_retry(attempts=3), at_ms(0, 5))

    assert outcomes.usage["worker_requests"] == 6


def test_retries_of_a_worker_are_not() -> None:
    """Behind a read of the cache it is the worker that tries again."""
    path = a_path("kv.read", {"retry": {"attempts": 3}}, an_origin(faults=[DOWN]))
    outcomes = simulated(path, at_ms(0))

    assert (outcomes.usage["worker_requests"], hits(outcomes)) == (1, 3)


def test_a_retry_behind_a_clients_timeout_is_still_the_clients() -> None:
    """Both stand before the worker."""
    path = [*a_path({"timeout": {"after": "1h"}}), *a_retry(attempts=3)]

    assert simulated(path, at_ms(0)).usage["worker_requests"] == 3


def test_each_attempt_has_its_own_draws() -> None:
    """The origin's latency is drawn anew, also under two nested retries."""
    path = a_path(
        {"retry": {"attempts": 3, "jitter": "none"}},
        {"retry": {"attempts": 3, "jitter": "none"}},
        an_origin({"uniform": ["1ms", "900ms"]}, faults=[DOWN]),
    )
    rows = simulated(path, at_ms(0)).origin_rows

    assert len(set(rows.completed_at_ns - rows.called_at_ns)) == 9


def test_the_first_attempt_has_the_draws_of_a_request_without_retries() -> None:
    """Adding a layer never changes another layer's draws."""
    origin = an_origin({"exponential": "100ms"})
    instants = at_ms(*range(100))
    alone = simulated(a_path(origin), instants)
    retried = simulated(a_path("retry", origin), instants)

    assert latencies_ms(alone) == latencies_ms(retried)
