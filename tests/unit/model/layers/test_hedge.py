"""hedge: a further call while the first is under way."""

from typing import Any

import pytest

from simcoalesce.model.layer import Layer
from tests.builders import (
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

MS = 1_000_000
AFTER = {"after": "50ms"}


def answers(*faults: dict[str, Any], **fields: Any) -> list[Layer]:
    """Return a path that hedges after 50 ms at an origin of 120 ms."""
    return a_path({"hedge": AFTER | fields}, an_origin("120ms", faults=list(faults)))


def call(number: int, takes: str, status: int = 200) -> dict[str, Any]:
    """Return what becomes of one call of the origin."""
    which = {"kind": "calls", "from": number, "to": number}
    return {**which, "takes": takes, "status": status}


def test_a_further_call_begins_when_the_delay_has_passed() -> None:
    """The first one answers at 120 ms; the origin serves the other one to its end."""
    outcomes = simulated(answers(), at_ms(0))

    assert (calls_ms(outcomes), latencies_ms(outcomes)) == ([0, 50], [120])
    assert outcomes.origin_rows.completed_at_ns.tolist() == [120 * MS, 170 * MS]
    assert outcomes.request_rows.attempts.tolist() == [2]


def test_an_answer_at_the_delay_is_in_time() -> None:
    """One nanosecond later is too late."""
    counts = [
        hits(simulated(answers(call(1, takes)), at_ms(0)))
        for takes in ("50ms", "50000001ns")
    ]

    assert counts == [1, 2]


def test_the_first_success_is_the_answer() -> None:
    """The first call takes 400 ms, the second one 50 + 120."""
    assert latencies_ms(simulated(answers(call(1, "400ms")), at_ms(0))) == [170]


def test_there_are_at_most_so_many_calls() -> None:
    """At 0, 50 and 100 ms; the third is the fastest, at 100 + 10."""
    faults = [call(1, "400ms"), call(2, "400ms"), call(3, "10ms")]
    outcomes = simulated(answers(*faults, most=3), at_ms(0))

    assert (calls_ms(outcomes), latencies_ms(outcomes)) == ([0, 50, 100], [110])


@pytest.mark.parametrize(
    ("on_failure", "calls", "status", "latency_ms"),
    [("final", [0], 503, 10), ("next", [0, 10], 200, 130)],
)
def test_a_failure_before_the_delay_is_final_or_starts_the_next_call(
    on_failure: str, calls: list[float], status: int, latency_ms: float
) -> None:
    """The first call fails at 10 ms."""
    path = answers(call(1, "10ms", 503), on_failure=on_failure)
    outcomes = simulated(path, at_ms(0))

    assert calls_ms(outcomes) == calls
    assert (statuses(outcomes), latencies_ms(outcomes)) == ([status], [latency_ms])


def test_after_a_failure_that_starts_a_call_the_delay_begins_anew() -> None:
    """Later calls resume at the delay, at 10 + 50 ms, as in gRPC A6."""
    faults = [call(1, "10ms", 503), call(2, "200ms"), call(3, "10ms")]
    outcomes = simulated(answers(*faults, most=3, on_failure="next"), at_ms(0))

    assert (calls_ms(outcomes), latencies_ms(outcomes)) == ([0, 10, 60], [70])


@pytest.mark.parametrize("failed", [1, 2])
def test_a_failure_waits_for_the_other_calls(failed: int) -> None:
    """One of both fails at 80 ms; the other one is the answer."""
    takes = "80ms" if failed == 1 else "30ms"
    outcomes = simulated(answers(call(failed, takes, 503)), at_ms(0))

    assert statuses(outcomes) == [200]
    assert latencies_ms(outcomes) == [170 if failed == 1 else 120]


def test_if_all_calls_fail_the_last_failure_is_the_answer() -> None:
    """At 80 ms a 503, at 50 + 60 ms a 500."""
    faults = [call(1, "80ms", 503), call(2, "60ms", 500)]
    outcomes = simulated(answers(*faults), at_ms(0))

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([500], [110])


def test_an_answer_that_is_no_failure_ends_the_calls() -> None:
    """A 404 at 80 ms is the answer; a success would come at 170 ms."""
    outcomes = simulated(answers(call(1, "80ms", 404)), at_ms(0))

    assert (statuses(outcomes), latencies_ms(outcomes)) == ([404], [80])


@pytest.mark.parametrize(("cancels", "puts"), [(True, 1), (False, 2)])
def test_a_call_that_is_not_needed_ends_or_goes_on(*, cancels: bool, puts: int) -> None:
    """Its answer is put, or never comes."""
    write = {"write_latency": "0ms", "writes_per_key": "unlimited"}
    path = a_path(
        {"hedge": AFTER | {"cancels": cancels}}, {"kv.write": write}, an_origin("120ms")
    )

    assert simulated(path, at_ms(0)).usage["kv_writes"] == puts


def test_a_client_that_has_left_begins_no_further_call() -> None:
    """It leaves at 30 ms."""
    path = [*a_path({"abandon": {"after": "30ms"}}), *answers()]
    outcomes = simulated(path, at_ms(0))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([499], [0])


@pytest.mark.parametrize("order", [("retry", "hedge"), ("hedge", "retry")])
def test_each_call_has_its_own_draws_with_a_retry(order: tuple[str, str]) -> None:
    """Three attempts of two calls, or two calls of three attempts."""
    layers: dict[str, dict[str, Any]] = {
        "retry": {"attempts": 3, "jitter": "none"},
        "hedge": {"after": "0ms"},
    }
    down = {"kind": "always", "status": 503}
    origin = an_origin({"uniform": ["1ms", "900ms"]}, faults=[down])
    path = a_path(*({kind: layers[kind]} for kind in order), origin)
    rows = simulated(path, at_ms(0)).origin_rows

    assert len(set(rows.completed_at_ns - rows.called_at_ns)) == 6


def test_a_further_call_joins_a_flight_behind_it() -> None:
    """It gains nothing there: it follows the first."""
    path = a_path({"hedge": AFTER}, "single_flight", an_origin("120ms"))
    outcomes = simulated(path, at_ms(0))

    assert (hits(outcomes), latencies_ms(outcomes)) == (1, [120])


def test_a_budget_limits_the_further_calls() -> None:
    """A reserve of 2, and a tenth for each request: nine tenths are no call."""
    path = answers(budget="10%", budget_reserve=2)

    assert hits(simulated(path, at_ms(*range(0, 10_000, 1_000)))) == 10 + 2


def test_calls_of_a_client_are_worker_requests() -> None:
    """Each starts the worker again; those of a worker do not."""
    inside = a_path("kv.read", {"hedge": AFTER}, an_origin("120ms"))
    counts = [
        simulated(path, at_ms(0)).usage["worker_requests"]
        for path in (answers(), inside)
    ]

    assert counts == [2, 1]


@pytest.mark.parametrize(("quantile", "hedged_at_ms"), [("p50", 310), ("p95", 360)])
def test_the_delay_may_follow_what_was_seen(quantile: str, hedged_at_ms: float) -> None:
    """The first call is slow, hedged after 50 ms and stopped at 60 ms.

    With it, four latencies are seen before 300 ms: 10, 60, 10, 10.
    """
    after = {"quantile": quantile, "at_first": "50ms", "enough": 4}
    faults = [call(1, "400ms"), call(5, "400ms")]
    path = a_path({"hedge": {"after": after}}, an_origin("10ms", faults=faults))
    outcomes = simulated(path, at_ms(0, 100, 200, 300))

    assert calls_ms(outcomes) == [0, 50, 100, 200, 300, hedged_at_ms]


def test_hedging_makes_more_refusals_under_a_tight_limit() -> None:
    """40 requests, one each 25 ms, are fewer than the 50 calls of a second.

    Hedged, the 26th is the 50th call: the last 14 are refused, and two hedges.
    """
    limit = {"kind": "fixed_window", "limit": 50, "per": "1s"}
    origin = an_origin("120ms", rate_limit=limit)
    alone, hedged = (
        simulated(path, even(40, 25 * MS))
        for path in (a_path(origin), a_path({"hedge": AFTER}, origin))
    )

    assert statuses(alone) == [200] * 40
    assert statuses(hedged) == [200] * 26 + [429] * 14
    assert int((hedged.origin_rows.status == 429).sum()) == 16
