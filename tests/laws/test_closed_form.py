"""A closed form never fails, never agrees by chance, and gives its reasons."""

from itertools import product
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce import Scenario
from simcoalesce.explain.closed_form.closed_form import closed_form
from simcoalesce.report.blocks.closed_form_sentences import closed_form_lines

_CACHES: Final = (
    *("kv.read, kv.write", "kv.read, single_flight, kv.write", "lock", "waiting_list"),
    *("cdn", "{cdn: {lock: false}}", "cdn, {cdn: {scope: global}}", "memory"),
    *("redis.read, redis.write", "lease", "bounded_retries", "workers_cache"),
    *("kv.read, durable_object, kv.write", "cdn, kv.read, kv.write", "single_flight"),
    *("memory, kv.read, kv.write", "{cdn: {max_entries: 1}}", "cache_api"),
    "redis.read, distributed_lock, redis.write",
)
_IN_FRONT: Final = (
    *("", "retry, ", "{timeout: {after: 90ms, cancels: true}}, "),
    *(
        "{fan_out: {calls: 3}}, ",
        "{limiter: {rate_limit: {kind: token_bucket, rate: 50/s, burst: 5}}}, ",
    ),
)
_BEHIND: Final = (
    *("", "{hedge: {after: 20ms}}, ", "{fan_out: {calls: 3, at_once: 1}}, "),
    *("batch, ", "{bulkhead: {limit: 5}}, ", "{abandon: {after: 150ms}}, "),
)
_ARRIVALS: Final = (
    "{kind: burst, requests: 90, within: 400ms}",
    "{kind: rate, rate: 60/s}, {kind: burst, requests: 200, within: 50ms, at: 1s}",
    "{kind: even, requests: 40, every_request: 9ms}",
    "{kind: users, users: 30, think: 50ms}",
    "{kind: ramp, from: 0/s, to: 200/s, for: 2s}",
    "{kind: rate, rate: 20/s, page: {a: 2, b: 1}}",
    "{kind: burst, requests: 60, within: 0ms}",
    "{kind: rate, rate: 1/s}",
)
_FAULTS: Final = (
    *("", "faults: [{kind: first, calls: 3, status: 500}],"),
    *("rate_limit: {kind: token_bucket, rate: 10/s, burst: 5},", "cacheable: false,"),
    "concurrency: 2,",
)
_LOCATIONS: Final = ("{a: 1}", "{a: 3, b: 1}")
_CHANGES: Final = ("[]", "[{at: 80ms, purge: {}}]")


def _scenario(parts: tuple[str, ...]) -> Scenario | None:
    """Return a scenario; None if its parts do not go together."""
    arrivals, front, cache, behind, faults, locations, changes = parts
    text = f"""
        duration: 3s
        traffic:
          arrivals: [{arrivals}]
          isolates: 3
          keys: {{kind: zipf, s: 0.5, n: 2}}
          locations: {locations}
        kv: {{read_latency: 5ms, write_latency: 40ms, ttl: 61s}}
        origin: {{{faults} latency: {{median: 60ms, p99: 90ms}}}}
        path: [{front}{cache}, {behind}origin]
        changes: {changes}
        """
    try:
        return Scenario.parse(text)
    except ValueError:
        return None


_PARTS: Final = (_ARRIVALS, _IN_FRONT, _CACHES, _BEHIND, _FAULTS, _LOCATIONS, _CHANGES)
_SCENARIOS: Final = st.tuples(*map(st.sampled_from, _PARTS)).map(_scenario)


def _check(scenario: Scenario | None) -> None:
    found = closed_form(scenario, seed=1) if scenario else None
    if found is None:
        return
    known, predicted = found.simulated, found.predicted
    assert known.mean is not None
    assert all(closed_form_lines(found))
    if found.agrees:
        low, high = known.ci95 or (known.mean, known.mean)
        is_within = low <= predicted <= high
        assert is_within or abs(predicted - known.mean) <= 0.1 * known.mean
        assert high - low < predicted / 4
    else:
        assert found.reasons
        assert all(reason.text for reason in found.reasons)


def test_most_of_the_scenarios_are_valid() -> None:
    """A law on nothing would be none."""
    plain = product(
        _ARRIVALS[:2], _IN_FRONT, _CACHES, _BEHIND[:2], [""], ["{a: 1}"], ["[]"]
    )
    made = [_scenario(parts) for parts in plain]

    assert sum(one is not None for one in made) > 0.9 * len(made)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(_SCENARIOS)
def test_a_closed_form_agrees_as_far_as_runs_show(
    scenario: Scenario | None,
) -> None:
    """Or it says why not, in words; on any path and any traffic."""
    _check(scenario)


@pytest.mark.slow
@settings(max_examples=600, deadline=None, suppress_health_check=[*HealthCheck])
@given(_SCENARIOS)
def test_it_does_so_on_many_more(scenario: Scenario | None) -> None:
    """With other scenarios each time."""
    _check(scenario)
