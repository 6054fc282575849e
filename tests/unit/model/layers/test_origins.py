"""Several origins at the end of a path, against timelines worked out by hand."""

from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.explain.closed_form.miss_window import merged
from simcoalesce.model.layers.origins import Origins
from simcoalesce.model.rate_limit import window_of
from simcoalesce.outcomes import Outcomes
from simcoalesce.randomness import Stream
from simcoalesce.request import Requests
from tests.builders import a_path, at_ms, latencies_ms, simulated, statuses

EU_FAILS = {
    "latency": "10ms",
    "faults": [{"kind": "window", "from": "100ms", "until": "200ms", "status": 503}],
}
EU_IS_DOWN = {"latency": "10ms", "faults": [{"kind": "always", "status": 503}]}
US = {"latency": "30ms"}


def origins(*, eu: Any = EU_FAILS, us: Any = US, **fields: Any) -> dict[str, Any]:
    """Return the last entry of a path: an origin in Europe, and one in America."""
    return {"origins": {"of": {"eu": eu, "us": us}, **fields}}


def served_by(outcomes: Outcomes) -> list[str]:
    """Return who answered each request: eu, us, ..."""
    names = [outcomes.layers[code] for code in outcomes.request_rows.served_by]
    return [name.removeprefix("origin.") for name in names]


def run(requests: Requests, **fields: Any) -> Outcomes:
    """Send requests to the two."""
    return simulated(a_path(origins(**fields)), requests)


def test_after_some_failures_in_a_row_all_go_to_the_next() -> None:
    """Two fail, at 110 and at 130 ms: who comes at 140 ms is answered in America."""
    outcomes = run(at_ms(0, 100, 120, 125, 140), failures=2, back_after="1s")

    assert served_by(outcomes) == ["eu", "eu", "eu", "eu", "us"]
    assert statuses(outcomes) == [200, 503, 503, 503, 200]
    assert latencies_ms(outcomes) == [10, 10, 10, 10, 30]
    assert outcomes.usage["origin_out"] == 1
    assert outcomes.usage["origin_calls.eu"] == 4
    assert outcomes.usage["origin_calls.us"] == 1


def test_a_success_between_two_failures_takes_nobody_out() -> None:
    """A failure, a success and a failure are no two in a row."""
    fails = [{"kind": "calls", "from": call, "to": call} for call in (1, 3)]

    outcomes = run(
        at_ms(0, 20, 40, 60), eu={"latency": "10ms", "faults": fails}, failures=2
    )

    assert served_by(outcomes) == ["eu"] * 4
    assert statuses(outcomes) == [500, 200, 500, 200]


def test_one_call_tries_an_origin_that_is_out_and_the_others_wait_for_it() -> None:
    """Out at 110 ms, for 40: at 150 ms one tries it, and fails at 160; so at 200 ms.

    That one succeeds at 210 ms: until then who comes at 205 ms stays away.
    """
    outcomes = run(
        at_ms(100, 149, 150, 155, 199, 200, 205, 210), failures=1, back_after="40ms"
    )

    assert served_by(outcomes) == ["eu", "us", "eu", "us", "us", "eu", "us", "eu"]
    assert statuses(outcomes) == [503, 200, 503, 200, 200, 200, 200, 200]


def test_a_second_try_asks_the_other_at_once() -> None:
    """10 ms in Europe, then 30 ms in America; once it is out, 30 ms."""
    outcomes = run(at_ms(0, 20), eu=EU_IS_DOWN, tries=2, failures=1)

    assert statuses(outcomes) == [200, 200]
    assert latencies_ms(outcomes) == [40, 30]
    assert outcomes.request_rows.attempts.tolist() == [2, 1]
    assert len(outcomes.origin_rows.request) == 3


def test_a_try_is_made_at_each_origin_once() -> None:
    """Three tries of two origins that fail are two calls; the last answer counts."""
    outcomes = run(at_ms(0), eu=EU_IS_DOWN, us=EU_IS_DOWN, tries=3)

    assert statuses(outcomes) == [503]
    assert served_by(outcomes) == ["us"]
    assert latencies_ms(outcomes) == [20]


def test_if_all_are_out_the_first_is_asked() -> None:
    """Both have failed by 30 ms: at 40 ms it is as if neither had."""
    outcomes = run(at_ms(0, 20, 40), eu=EU_IS_DOWN, us=EU_IS_DOWN, failures=1)

    assert served_by(outcomes) == ["eu", "us", "eu"]


def test_a_region_that_takes_the_traffic_of_another_may_refuse_it() -> None:
    """Europe is down from the start; America admits two, and says 429 to the third.

    A refusal is no failure, unless `fails_on` says so: America stays in.
    """
    limit = {"kind": "fixed_window", "limit": 2, "per": "1m"}

    outcomes = run(
        at_ms(0, 20, 40, 60, 80),
        eu=EU_IS_DOWN,
        us={**US, "rate_limit": limit},
        failures=1,
    )

    assert statuses(outcomes) == [503, 200, 200, 429, 429]


def test_each_has_its_turn_and_who_is_out_is_left_out() -> None:
    """Europe fails at 20 ms: the turns of two become those of one."""
    outcomes = run(
        at_ms(0, 1, 10, 30, 31), eu=EU_IS_DOWN, choose="round_robin", failures=2
    )

    assert served_by(outcomes) == ["eu", "us", "eu", "us", "us"]


def test_the_nearest_is_asked_unless_it_is_out() -> None:
    """The second location asks America, the first Europe, which goes out at 10 ms."""
    outcomes = run(
        at_ms(0, 1, 20, location=[0, 1, 0]),
        eu=EU_IS_DOWN,
        choose={"nearest": {"at-1": "us"}},
        failures=1,
    )

    assert served_by(outcomes) == ["eu", "us", "us"]


def test_random_origins_are_asked_by_weight() -> None:
    """A request draws once: below 3/4 it asks Europe."""
    requests = at_ms(*range(20))

    outcomes = run(requests, eu=US, choose={"random": {"eu": 3, "us": 1}})

    draws = Stream(1, "origins.choose")
    expected = ["eu" if draws.uniform(it) < 0.75 else "us" for it in range(20)]
    assert served_by(outcomes) == expected
    assert set(expected) == {"eu", "us"}


def test_who_has_no_weight_is_asked_only_if_the_others_are_out() -> None:
    """Europe has all the weight, until it fails at 10 ms."""
    outcomes = run(
        at_ms(0, 20), eu=EU_IS_DOWN, choose={"random": {"eu": 1}}, failures=1
    )

    assert served_by(outcomes) == ["eu", "us"]


def test_each_draws_for_itself() -> None:
    """Two origins with the same distribution do not take the same time."""
    drawn = {"latency": {"exponential": "10ms"}}
    outcomes = run(
        at_ms(0, 0, 0, 0), eu=drawn, us=drawn, choose={"nearest": {"at-0": "us"}}
    )
    others = run(at_ms(0, 0, 0, 0), eu=drawn, us=drawn)

    assert latencies_ms(outcomes) != latencies_ms(others)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"of": {}}, "of"),
        ({"choose": {"random": {"ue": 1}}}, 'is named "ue". There are: eu, us'),
        ({"choose": {"nearest": {"icn": "asia"}}}, 'is named "asia". There are: eu'),
        ({"choose": {"random": {"eu": 0}}}, "greater than 0"),
        ({"of": {"eu": {"latncy": "1ms"}}}, "latncy"),
    ],
)
def test_what_is_no_choice_is_refused(fields: dict[str, Any], message: str) -> None:
    """With the names that there are."""
    written = {"of": {"eu": US, "us": US}, **fields}

    with pytest.raises(ValidationError) as refused:
        Origins.model_validate(written)

    assert message in str(refused.value)


def last(**fields: Any) -> Origins:
    """Return the layer."""
    (layer,) = a_path(origins(**fields))
    assert isinstance(layer, Origins)
    return layer


@pytest.mark.parametrize(
    ("choose", "wait_ms"),
    [
        ("failover", 10),
        ("round_robin", 20),
        ({"nearest": {"at-0": "us"}}, 30),
        ({"random": {"eu": 3, "us": 1}}, 15),
    ],
)
def test_a_call_waits_as_long_as_those_who_are_asked_take(
    choose: Any, wait_ms: float
) -> None:
    """If none is out, and on average."""
    waits = last(choose=choose).waits_before()

    (found_s,) = {one.length_s for one in merged(waits)}
    assert found_s == wait_ms / 1_000


def test_it_says_of_itself_what_any_of_them_does() -> None:
    """One that refuses, streams, or forbids to store its answers."""
    limit = {"kind": "fixed_window", "limit": 2, "per": "1m"}
    us = {**US, "rate_limit": limit, "body": "5ms", "rejects_in": "0ms"}
    both = last(eu=US, us=us)

    assert both.streams
    assert both.refuses_at_once
    assert not both.never_refuses
    assert last(eu=US).never_refuses
    assert last(eu=US, us={**US, "cacheable": False}).is_cacheable
    # A limit is one member's: no window counts the calls of all.
    assert window_of(both.rate_limits) == 0
