"""A cause is taken out by what the layers say of it."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pytest
from typing_extensions import override

from simcoalesce import Scenario
from simcoalesce.experiment.single_run import run
from simcoalesce.explain.causes.cause import Incident, causes, known_causes, without
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration
from tests.unit.explain.builders import a_scenario

BASE = {
    "negative_caching": "kv.negative_ttl=1s",
    "refused_writes": "kv.writes_per_key=1/s",
    "uncacheable": "origin.cacheable=false",
    "poisoned_flight": "path=[{single_flight: {cleanup: on_success}}, origin]",
    "cancelled_leader": "path=[{single_flight: {leader_bound: true}}, origin]",
    "lock_timeout": "path=[lock, origin]",
    "serialized": "path=[{durable_object: {gate: block_concurrency}}, origin]",
    "object_overload": "path=[{durable_object: {capacity: 9/s}}, origin]",
    "retries": "path=[retry, origin]",
    "eviction": "path=[{memory: {max_entries: 1}}, origin]",
    "impatience": "path=[{timeout: {after: 1s}}, origin]",
    "load_control": "path=[bulkhead, origin]",
    "origin_queue": "origin.concurrency=1",
    "origin_fault": "origin.faults=[{kind: first, calls: 1}]",
    "slow_spell": "origin.faults=[{kind: first, calls: 1, slower: 9}]",
    "propagation": "kv.propagation=1s",
    "purge": "changes=[{at: 10ms, purge: {keys: all}}]",
    "new_versions": "traffic.new_key_version_at=[10ms]",
    "cold_start": "worker.cold_start=10ms",
    "bypass": "traffic.arrivals=[{kind: rate, rate: 99/s, bypass: 50%}]",
}
"""What a scenario says that has a cause which the small incident has not."""


@pytest.mark.parametrize("kind", causes())
def test_every_cause_can_be_taken_out_once(kind: str) -> None:
    """What is left is a valid scenario without it, with the same requests."""
    scenario = a_scenario(BASE.get(kind, "seed=1"))
    changed, (text,) = without(scenario, [causes()[kind]])

    assert changed.sha256 != scenario.sha256
    assert text
    before, after = (run(one, seed=1).request_rows for one in (scenario, changed))
    assert len(before.request) == len(after.request)
    with pytest.raises(ValueError, match=r"."):
        without(changed, [causes()[kind]])


def sold(path: str, keys: str, arrivals: str) -> Incident:
    """Return an incident of two minutes."""
    text = f"""
duration: 2m
traffic: {{arrivals: {arrivals}, keys: {keys}}}
memory: {{ttl: 30s}}
origin: {{latency: 100ms}}
path: {path}
"""
    scenario = Scenario.parse(text)
    return Incident(scenario, run(scenario, seed=1), 1)


@pytest.mark.parametrize(
    ("keys", "arrivals", "how"),
    [
        ("{kind: one}", "[{kind: rate, rate: 10/s}]", "expiry"),
        (
            "{kind: one}",
            "[{kind: burst, requests: 9, within: 10ms, every: 31s}]",
            "short_ttl",
        ),
        (
            "{kind: zipf, s: 0, n: 100}",
            "[{kind: even, requests: 99, every_request: 1ms}, {kind: rate, rate: 9/s}]",
            "synchronized_expiry",
        ),
    ],
)
def test_how_values_ended_is_read_from_the_misses(
    keys: str, arrivals: str, how: str
) -> None:
    """While asked for; before anybody asks again; many together."""
    incident = sold("[memory, origin]", keys, arrivals)
    possible = {kind for kind, one in causes().items() if one.is_possible(incident)}

    assert incident.expiries == how
    assert possible & {"expiry", "short_ttl", "synchronized_expiry"} == {how}


class Doorman(Layer):
    """A layer of somebody else, which makes everybody wait."""

    scope: ClassVar[Scope] = Scope.ISOLATE

    kind: Literal["doorman"] = "doorman"
    waits_ns: Duration = default("10ms")

    @override
    def causes(self) -> Mapping[str, Mapping[str, Any] | None]:
        return {"slow_doorman": {"waits": "0ms"}}

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        def wait(request: Request) -> Steps:
            yield context.clock.after(self.waits_ns, 0, request)
            return (yield from fetch(request))

        return wait


@pytest.mark.parametrize(
    "phase",
    [
        "kind: rate, rate: 50/s",
        "kind: ramp, from: 9/s, to: 90/s, for: 9s",
        "kind: burst, requests: 9, within: 100ms, every: 1s",
        "kind: flash_crowd, peak: 99/s, rise: 1s, decay: 1s",
        "kind: burst, requests: 9, within: 1s, shape: gaussian",
        "kind: even, requests: 9, every_request: 100ms",
    ],
)
def test_a_phase_that_ends_sooner_is_a_burst(phase: str) -> None:
    """It is spread over the rest of the run, and brings the same number of requests."""
    on_top = f"[{{kind: rate, rate: 20/s}}, {{{phase}, at: 1s, until: 4s}}]"
    scenario = a_scenario(f"traffic.arrivals={on_top}", "duration=9s")
    cause = causes()["burst"]
    changed, (text,) = without(scenario, [cause])
    came = [run(one, seed=1).request_rows.arrived_at_ns for one in (scenario, changed)]

    assert text.endswith("at 1s spread evenly")
    assert len(came[0]) == len(came[1])
    assert cause.rank(Incident(scenario, run(scenario, seed=1), 1)) < cause.precedence


def test_a_layer_brings_a_cause_of_its_own() -> None:
    """It has no file, and is taken out as the layer says."""
    text = (
        "{traffic: {arrivals: [{kind: burst, requests: 2, within: 1s}]},"
        " origin: {latency: 1ms}, path: [doorman, origin]}"
    )
    scenario = Scenario.parse(text, extra=[Doorman])
    cause = known_causes(scenario.path)["slow_doorman"]

    assert cause.label == "slow doorman"
    assert without(scenario, [cause])[1] == ("doorman waits 10ms → 0ms",)
