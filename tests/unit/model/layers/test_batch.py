"""batch: misses that come together become one call."""

from typing import Any

import pytest

from simcoalesce import Scenario
from simcoalesce.model.layer import Layer
from simcoalesce.yaml.validation_error import InvalidScenario
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


def batched(origin: dict[str, Any] | None = None, **fields: Any) -> list[Layer]:
    """Return a path whose misses within 5 ms become one call of 100 ms."""
    return a_path({"batch": {"within": "5ms", **fields}}, origin or an_origin("100ms"))


def test_misses_within_a_time_are_one_call() -> None:
    """Of any key: the first waits 5 ms, and the last instant is in it."""
    outcomes = simulated(batched(), at_ms(0, 2, 5, 6, key=[0, 1, 2, 3]))

    assert calls_ms(outcomes) == [5, 11]
    assert latencies_ms(outcomes) == [105, 103, 100, 105]
    assert outcomes.origin_rows.key.tolist() == [0, 3]


def test_the_first_leads_and_the_others_follow() -> None:
    """As in a flight."""
    assert roles(simulated(batched(), at_ms(0, 2, 6, key=[0, 1, 2]))) == [1, 2, 1]


def test_who_comes_while_a_call_is_under_way_is_in_the_next_one() -> None:
    """Even for the same key: the batch is closed."""
    assert calls_ms(simulated(batched(), at_ms(0, 50))) == [5, 55]


def test_a_full_batch_is_sent_at_once() -> None:
    """Two keys are enough at 2 ms; the third begins another one."""
    outcomes = simulated(batched(most=2), at_ms(0, 1, 2, 3, key=[0, 0, 1, 2]))

    assert calls_ms(outcomes) == [2, 8]


def test_without_a_time_a_batch_is_what_comes_at_one_instant() -> None:
    """As within one turn of an event loop."""
    outcomes = simulated(batched(within="0ms"), at_ms(0, 0, 1, key=[0, 1, 2]))

    assert calls_ms(outcomes) == [0, 1]


def test_each_isolate_has_batches_of_its_own() -> None:
    """Two isolates, two calls."""
    outcomes = simulated(batched(), at_ms(0, 1, 2, isolate=[0, 1, 0]))

    assert calls_ms(outcomes) == [5, 6]


def test_a_failure_is_that_of_all() -> None:
    """One 503 for three misses."""
    fault = {"kind": "first", "calls": 1, "status": 503}
    path = batched(an_origin("100ms", faults=[fault]))

    assert statuses(simulated(path, at_ms(0, 1, 2, 9, key=[0, 1, 2, 3]))) == [
        *[503] * 3,
        200,
    ]


def test_each_request_stores_its_own_key() -> None:
    """Layers in front of it see the answer of each: all keys are hits afterwards."""
    path = [*a_path("memory"), *batched()]
    outcomes = simulated(path, at_ms(0, 1, 2, 200, 201, 202, key=[0, 1, 2] * 2))

    assert lookups(outcomes) == [0, 0, 0, 1, 1, 1]
    assert calls_ms(outcomes) == [5]


def test_a_batch_goes_on_without_the_client_that_began_it() -> None:
    """It leaves at 3 ms; the call is made for the other one."""
    path = [*a_path({"abandon": {"after": "3ms", "requests": [1]}}), *batched()]
    outcomes = simulated(path, at_ms(0, 1, key=[0, 1]))

    assert statuses(outcomes) == [499, 200]
    assert (calls_ms(outcomes), latencies_ms(outcomes)) == ([5], [3, 104])


@pytest.mark.parametrize("behind", ["kv.read", "kv.write", "memory", "single_flight"])
def test_what_asks_for_single_keys_stands_in_front_of_it(behind: str) -> None:
    """Behind it there is one call for several keys: put it before."""
    with pytest.raises(InvalidScenario, match=f"put {behind} before it"):
        Scenario.parse(
            f"""
            traffic: {{arrivals: [{{kind: burst, requests: 9, within: 1s}}]}}
            path: [batch, {behind}, {{origin: {{latency: 120ms}}}}]
            """
        )
