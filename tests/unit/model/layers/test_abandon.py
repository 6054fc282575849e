"""abandon: some clients hang up."""

from math import exp
from typing import Any

import numpy as np
import pytest

from tests.builders import (
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    even,
    hits,
    latencies_ms,
    lookups,
    simulated,
    statuses,
)

MS = 1_000_000
MORE_PATIENT = {"share": "70%", "takes": {"uniform": ["1s", "5s"]}}
FIRST = {"abandon": {"after": "50ms", "requests": [1]}}


def test_a_client_that_hangs_up_has_status_499() -> None:
    """At its instant, whatever comes later; the others wait for their answer."""
    path = a_path({"abandon": {"after": "50ms", "requests": [2]}}, an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 10, 20))

    assert statuses(outcomes) == [200, 499, 200]
    assert latencies_ms(outcomes) == [120, 50, 120]
    assert outcomes.layers[outcomes.request_rows.served_by[1]] == "abandon"


@pytest.mark.parametrize(("after", "status"), [("120ms", 200), ("119999999ns", 499)])
def test_an_answer_at_the_instant_is_in_time(after: str, status: int) -> None:
    """One nanosecond less is too late."""
    path = a_path({"abandon": {"after": after}}, an_origin("120ms"))

    assert statuses(simulated(path, at_ms(0))) == [status]


def test_what_is_behind_ends_with_it_and_its_call_does_not() -> None:
    """The put is never made: the second request misses, as the first did."""
    path = a_path(FIRST, "kv.read", "kv.write", an_origin("120ms"))
    outcomes = simulated(path, at_ms(0, 300, 600))

    assert (statuses(outcomes), lookups(outcomes)) == ([499, 200, 200], [0, 0, 1])
    assert outcomes.usage["kv_writes"] == 1
    assert outcomes.origin_rows.completed_at_ns.tolist() == [125 * MS, 425 * MS]


def test_what_is_behind_two_of_them_ends_with_the_first_that_leaves() -> None:
    """The outer one leaves at 50 ms; the inner one waits, and nothing is put."""
    path = a_path(
        FIRST, {"abandon": {"after": "1s"}}, "kv.read", "kv.write", an_origin("120ms")
    )
    outcomes = simulated(path, at_ms(0))

    assert (statuses(outcomes), outcomes.usage["kv_writes"]) == ([499], 0)


def test_a_share_is_drawn_for_each_request() -> None:
    """Of 4,000, a tenth: 400 within four standard deviations of 19."""
    path = a_path({"abandon": {"after": "50ms", "share": "10%"}}, an_origin("120ms"))
    left = np.array(statuses(simulated(path, even(4_000, MS)))) == 499

    assert abs(int(left.sum()) - 400) < 76


def test_a_larger_share_adds_clients_that_hang_up() -> None:
    """Who does with 10 % does with 30 %: variants share their draws."""
    few, many = (
        np.array(statuses(simulated(a_path(layer, an_origin()), even(500, MS)))) == 499
        for layer in (
            {"abandon": {"after": "50ms", "share": share}} for share in ("10%", "30%")
        )
    )

    assert few.sum() < many.sum()
    assert (few <= many).all()


def test_the_time_is_drawn_for_each_request() -> None:
    """Uniform from 0 to 100 ms: no two are equal, and their mean is about 50 ms."""
    after = {"uniform": ["0ms", "100ms"]}
    path = a_path({"abandon": {"after": after}}, an_origin("120ms"))
    waited_ms = latencies_ms(simulated(path, even(400, MS)))

    assert len(set(waited_ms)) == 400
    assert abs(float(np.mean(waited_ms)) - 50) < 4 * 100 / np.sqrt(12 * 400)


def test_share_and_requests_exclude_each_other() -> None:
    """The message says what to write."""
    both = {"abandon": {"after": "1s", "share": "10%", "requests": [1]}}

    with pytest.raises(ValueError, match="write one of them"):
        a_path(both, an_origin())


def test_no_request_has_the_number_0() -> None:
    """The first is 1."""
    with pytest.raises(ValueError, match="requests"):
        a_path({"abandon": {"after": "1s", "requests": [0]}}, an_origin())


def test_a_client_that_hangs_up_does_not_try_again_unless_told_so() -> None:
    """A retry in front repeats only what it is told to."""
    patient = {"backoff": "0ms", "attempts": 2}
    counts = [
        hits(simulated(a_path({"retry": one}, FIRST, an_origin("120ms")), at_ms(0)))
        for one in (patient, {**patient, "on": [499]})
    ]

    assert counts == [1, 2]


def test_a_client_that_hangs_up_ends_its_retries() -> None:
    """Refused at 10 ms, it would call again at 40, 80 and 120 ms; it leaves at 50."""
    retry = {"retry": {"backoff": "30ms", "jitter": "none", "cap": "30ms"}}
    fault = {"kind": "always", "status": 503, "takes": "10ms"}
    path = a_path(FIRST, retry, an_origin("120ms", faults=[fault]))
    outcomes = simulated(path, at_ms(0))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([499], [0, 40])


@pytest.mark.parametrize(
    ("cache", "calls"),
    [
        ({"lock": {"ttl": "60s"}}, [0, 500]),
        ({"lock": {"ttl": "60s", "ignore_client_abort": True}}, [0]),
        ({"waiting_list": {"ttl": "60s"}}, [0]),
        ({"bounded_retries": {"ttl": "60s", "timer_lag": "0ms"}}, [0]),
        ({"cdn": {"ttl": "60s"}}, [0]),
        ({"cdn": {"ttl": "60s", "abandons": True}}, [0, 500]),
    ],
)
def test_caches_go_on_behind_it_by_their_own_rules(
    cache: dict[str, dict[str, object]], calls: list[float]
) -> None:
    """Alone, the client leaves at 50 ms, its fetch would end at 100 ms.

    nginx stores nothing of a client that has left, and Squid ends the call; the second
    request, at 500 ms, shows it.
    """
    path = a_path(FIRST, cache, an_origin("100ms"))

    assert calls_ms(simulated(path, at_ms(0, 500))) == calls


@pytest.mark.parametrize(
    ("leaves", "told", "calls"),
    [
        ("error_and_forget", [499, *[500] * 9, *[200] * 10], [0, 50]),
        ("error_and_keep", [499, *[500] * 19], [0]),
        ("silence", [499, *[504] * 19], [0]),
    ],
)
def test_a_leader_that_hangs_up_leaves_its_followers_what_the_flight_says(
    leaves: str, told: list[int], calls: list[float]
) -> None:
    """The first of 20 leaves at 50 ms, its fetch would take 100 ms.

    Nine have come before that; the tenth comes at that instant, and finds the key free
    or not. Who hears nothing waits for a time-out of its own.
    """
    flights = {"single_flight": {"leader_leaves": leaves}}
    patience = {"timeout": {"after": "1s", "cancels": True}}
    path = a_path(patience, FIRST, flights, an_origin("100ms"))
    outcomes = simulated(path, at_ms(*range(0, 100, 5)))

    assert (statuses(outcomes), calls_ms(outcomes)) == (told, calls)


def test_a_leader_that_hangs_up_harms_nobody_if_its_flight_is_not_bound() -> None:
    """The fetch goes on for the other 19."""
    path = a_path(FIRST, "single_flight", an_origin("100ms"))
    outcomes = simulated(path, at_ms(*range(0, 100, 5)))

    assert statuses(outcomes) == [499, *[200] * 19]
    assert hits(outcomes) == 1


@pytest.mark.parametrize(
    ("after", "share"),
    [
        ({"exponential": "2s"}, 1 - exp(-1)),
        ({"weibull": "2s", "shape": 3}, 1 - exp(-1)),
        ({"median": "2s", "p99": "9s"}, 0.5),
        ({"uniform": ["1s", "5s"]}, 0.25),
        ({"mixture": [{"share": "30%", "takes": "1s"}, MORE_PATIENT]}, 0.3 + 0.7 / 4),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_clients_leave_by_the_distribution_of_their_patience(
    after: dict[str, Any], share: float
) -> None:
    """Of 4,000 who would wait for two seconds; 4 standard errors are 3.2 % of all."""
    path = a_path({"abandon": {"after": after}}, an_origin("2s"))
    left = np.array(statuses(simulated(path, even(4_000, MS)))) == 499

    assert left.mean() == pytest.approx(share, abs=0.032)
