"""circuit_breaker: when it opens, whom it refuses, and when it closes."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Lookup
from tests.builders import (
    MS,
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


def guarded(
    *before: Any, faults: Any = (), latency: Any = "10ms", **fields: Any
) -> list[Layer]:
    """Return a path with a breaker before an origin of 10 ms."""
    breaker = {"open_for": "100ms", **fields}
    origin = an_origin(latency, faults=faults)
    return a_path(*before, {"circuit_breaker": breaker}, origin)


def until(call: int, status: int = 500) -> list[dict[str, Any]]:
    """Return a fault of the first calls."""
    return [{"kind": "calls", "from": 1, "to": call, "status": status}]


def test_it_opens_after_failures_in_a_row() -> None:
    """Two fail at 10 and 30 ms; the third is refused at once, with 503."""
    outcomes = simulated(guarded(faults=until(2), failures=2), at_ms(0, 20, 40))

    assert statuses(outcomes) == [500, 500, 503]
    assert (latencies_ms(outcomes), hits(outcomes)) == ([10, 10, 0], 2)
    assert outcomes.usage["breaker_opened"] == outcomes.usage["breaker_refused"] == 1


def test_a_success_between_failures_ends_the_row() -> None:
    """Of every two calls one fails: never two in a row."""
    faults = [{"kind": "calls", "from": n, "to": n} for n in (1, 3, 5, 7)]
    outcomes = simulated(guarded(faults=faults, failures=2), even(8, 20 * MS))

    assert statuses(outcomes) == [500, 200] * 4


def test_the_sixth_failure_opens_it_for_a_minute_by_default() -> None:
    """As sony/gobreaker: more than 5 in a row, 60 s, then 1 call."""
    path = a_path("circuit_breaker", an_origin("10ms", faults=until(6)))
    instants = [*range(0, 140, 20), 60_109, 60_110, 60_115, 60_120]
    outcomes = simulated(path, at_ms(*instants))

    assert statuses(outcomes) == [*[500] * 6, 503, 503, 200, 503, 200]


def test_failures_count_when_they_return() -> None:
    """All ten are under way when the first fails: the breaker saves none."""
    outcomes = simulated(guarded(faults=until(10), failures=1), even(10, 1 * MS))

    assert statuses(outcomes) == [500] * 10


def test_half_open_it_lets_one_call_pass_and_refuses_the_others() -> None:
    """Open from 10 to 110 ms; half open until the call of 110 returns at 120 ms."""
    path = guarded(faults=until(1), failures=1)
    outcomes = simulated(path, at_ms(0, 109, 110, 110, 119, 120))

    assert statuses(outcomes) == [500, 503, 200, 503, 503, 200]
    assert calls_ms(outcomes) == [0, 110, 120]


def test_a_failure_opens_it_again_for_as_long() -> None:
    """The call of 110 ms fails at 120, so it is open until 220 ms."""
    path = guarded(faults=until(2), failures=1)
    outcomes = simulated(path, at_ms(0, 110, 219, 220))

    assert statuses(outcomes) == [500, 500, 503, 200]
    assert outcomes.usage["breaker_opened"] == 2


def test_it_closes_after_as_many_successes_as_it_lets_pass() -> None:
    """Two of 110 ms pass, the third is refused; at 120 ms all pass."""
    path = guarded(faults=until(1), failures=1, half_open_calls=2)
    outcomes = simulated(path, at_ms(0, 110, 110, 110, 120, 120, 120))

    assert statuses(outcomes) == [500, 200, 200, 503, 200, 200, 200]


def test_results_of_an_earlier_state_are_ignored() -> None:
    """A call of before takes 1 s and fails when the breaker has long been closed."""
    slow = {"kind": "calls", "from": 1, "to": 1, "takes": "1s", "status": 500}
    bad = {"kind": "calls", "from": 2, "to": 2}
    path = guarded(faults=[slow, bad], failures=1)
    outcomes = simulated(path, at_ms(0, 0, 110, 1_001))

    assert statuses(outcomes) == [500, 500, 200, 200]


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"ratio": "50%", "over_calls": 4, "least_calls": 4}, True),
        ({"ratio": "51%", "over_calls": 4, "least_calls": 4}, False),
        ({"ratio": "50%", "over_calls": 4, "least_calls": 20}, True),
        ({"ratio": "50%", "over_calls": 100, "least_calls": 5}, False),
        ({"ratio": "100%", "over_calls": 2, "least_calls": 2}, True),
        ({"ratio": "50%", "over": "80ms", "least_calls": 4}, True),
        ({"ratio": "100%", "over": "40ms", "least_calls": 2}, True),
        ({"ratio": "100%", "over": "41ms", "least_calls": 2}, False),
    ],
)
def test_it_opens_by_the_share_of_the_last_calls(
    fields: dict[str, Any], *, opens: bool
) -> None:
    """Returned at 10, 30, 50 and 70 ms: two successes, then two failures."""
    faults = [{"kind": "calls", "from": 3, "to": 4}]
    outcomes = simulated(guarded(faults=faults, **fields), at_ms(0, 20, 40, 60, 80))

    assert (statuses(outcomes)[-1] == 503) == opens


@pytest.mark.parametrize(("bad", "closes"), [(1, True), (2, False)])
def test_half_open_the_ratio_decides_when_the_calls_have_returned(
    bad: int, *, closes: bool
) -> None:
    """Of three calls one may fail below 50 %; gobreaker's rule would open at one."""
    fields = {"ratio": "50%", "over_calls": 4, "least_calls": 4, "half_open_calls": 3}
    path = guarded(faults=until(4 + bad), **fields)
    outcomes = simulated(path, at_ms(0, 0, 0, 0, 110, 110, 110, 110, 120))

    assert statuses(outcomes)[4:] == [
        *[500] * bad,
        *[200] * (3 - bad),
        503,
        200 if closes else 503,
    ]


@pytest.mark.parametrize(
    ("fields", "opens"),
    [
        ({"slow_after": "10ms", "failures": 2}, False),
        ({"slow_after": "9ms", "failures": 2}, True),
        ({"slow_after": "9ms", "ratio": "50%", "least_calls": 2}, True),
        (
            {
                "slow_after": "29ms",
                "ratio": "50%",
                "least_calls": 2,
                "slow_share": "60%",
            },
            False,
        ),
        (
            {
                "slow_after": "29ms",
                "ratio": "50%",
                "least_calls": 2,
                "slow_share": "50%",
            },
            True,
        ),
    ],
)
def test_slow_calls_open_it_too(fields: dict[str, Any], *, opens: bool) -> None:
    """Calls of 10 and of 30 ms, none fails: longer is slow, and shares are apart."""
    slow = {"kind": "calls", "from": 2, "to": 2, "takes": "30ms", "status": 200}
    outcomes = simulated(guarded(faults=[slow], **fields), at_ms(0, 20, 60))

    assert (statuses(outcomes)[-1] == 503) == opens


def test_only_some_answers_are_failures() -> None:
    """A 404 is none, unless it is said to be."""
    ended = [
        statuses(
            simulated(guarded(faults=until(1, 404), failures=1, **on), at_ms(0, 20))
        )
        for on in ({}, {"on": [404]})
    ]

    assert ended == [[404, 200], [404, 503]]


@pytest.mark.parametrize(
    ("kept_in", "refused"), [("isolate", 0), ("location", 1), ("global", 3)]
)
def test_it_is_kept_in_each_isolate_or_location_or_once(
    kept_in: str, refused: int
) -> None:
    """The first of four isolates, in two locations, has met the failure."""
    requests = at_ms(0, 20, 20, 20, location=[0, 0, 1, 1], isolate=[0, 1, 2, 3])
    path = guarded(faults=until(1), failures=1, kept_in=kept_in)

    assert statuses(simulated(path, requests)).count(503) == refused


@pytest.mark.parametrize(
    ("retry_after", "calls"), [("exact", [0, 1_020]), ("200ms", [0, 220])]
)
def test_a_refusal_may_say_when_it_is_half_open(
    retry_after: str, calls: list[float]
) -> None:
    """Refused at 20 ms, it is half open at 110: in whole seconds, in 1 s."""
    retry = {"retry": {"backoff": "1ms", "on": [503], "attempts": 2}}
    path = guarded(retry, faults=until(1), failures=1, retry_after=retry_after)

    assert calls_ms(simulated(path, at_ms(0, 20))) == calls


def test_a_call_whose_client_leaves_has_no_result() -> None:
    """It leaves at 115 ms, half open: the next one may pass in its place."""
    leaves = {"abandon": {"after": "5ms", "requests": [2]}}
    path = guarded(leaves, faults=until(1), failures=1)
    outcomes = simulated(path, at_ms(0, 110, 112, 115))

    assert statuses(outcomes) == [500, 499, 503, 200]


def test_a_stale_value_stands_in_for_its_refusals() -> None:
    """Stored until 180 ms; the origin fails from then on, and is called but twice."""
    read = {"kv.read": {"read_latency": "0ms", "stale_if_error": "10s"}}
    put = {"kv.write": {"write_latency": "0ms", "ttl": "180ms"}}
    down = {"kind": "window", "from": "50ms", "until": "10s", "status": 503}
    path = a_path(
        *(read, put, {"circuit_breaker": {"failures": 2}}),
        an_origin("10ms", faults=[down]),
    )
    outcomes = simulated(path, at_ms(0, 200, 220, 240, 260))

    assert (statuses(outcomes), hits(outcomes)) == ([200] * 5, 3)
    assert lookups(outcomes) == [Lookup.MISS, *[Lookup.STALE] * 4]


def test_on_a_short_outage_a_breaker_makes_more_errors_than_none() -> None:
    """The origin fails for 100 ms: 10 errors; or 6, and those of 1 s from 160 ms on."""
    outage = [{"kind": "window", "from": "100ms", "until": "200ms", "status": 503}]
    breaker = guarded(faults=outage, failures=6, open_for="1s")
    without, behind = (
        simulated(path, even(200, 10 * MS))
        for path in (a_path(an_origin("10ms", faults=outage)), breaker)
    )

    assert statuses(without).count(503) == 10
    assert (statuses(behind).count(503), hits(behind)) == (6 + 100, 200 - 100)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"failures": 5, "ratio": "50%"}, "write one of them"),
        ({"ratio": "50%", "over_calls": 100, "over": "10s"}, "exclude"),
        ({"over": "10s"}, "for a ratio"),
        ({"ratio": "0%"}, "always reached"),
        ({"on": [200]}, "on"),
    ],
)
def test_what_no_breaker_can_do_is_refused(
    fields: dict[str, Any], message: str
) -> None:
    """With what to write instead."""
    with pytest.raises(ValidationError, match=message):
        a_path({"circuit_breaker": fields}, an_origin())
