"""A layer that only a test knows is right everywhere, by what it says of itself."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import ClassVar, Literal

import numpy as np
import pytest
from typing_extensions import override

from simcoalesce import Scenario, replicate, run
from simcoalesce.explain.closed_form.closed_form import ClosedForm, closed_form
from simcoalesce.explain.explanation import explain
from simcoalesce.explain.timeline.request_trace import request_trace
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import COMPLETE, START, Fetch, Steps
from simcoalesce.model.layer import Layer, LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.outcomes import Lookup, Outcomes, Role
from simcoalesce.report.blocks.request_trace import request_trace_text
from simcoalesce.report.blocks.timeline import event_text
from simcoalesce.report.drawing.paint import phase_paints
from simcoalesce.report.rows.phases import Phase, segments
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import NS_PER_S, PositiveDuration

MEAN_GAP_S = 0.001
"""Between two requests: how exactly a run can show when a miss window ends."""


class Inspection(Layer):
    """It delays: every request is inspected for a second."""

    kind: Literal["inspection"] = "inspection"
    takes_ns: PositiveDuration = default("1s")

    @override
    def waits_before(self) -> Iterable[Wait]:
        return (Wait("inspection", self.takes_ns),)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        def inspect(request: Request) -> Steps:
            yield context.clock.after(self.takes_ns, START, request)
            return (yield from fetch(request))

        return inspect


class EdgeCache(Layer):
    """It stores: a worker's own cache, which its location shares."""

    scope: ClassVar[Scope] = Scope.LOCATION
    looks_up: ClassVar[bool] = True
    stores: ClassVar[bool] = True

    kind: Literal["edge_cache"] = "edge_cache"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        code = context.recorder.code_of(self.kind)
        stored: dict[tuple[int, int], Answer] = {}

        def serve(request: Request) -> Steps:
            pair = (request.location, request.key)
            if pair in stored:
                return stored[pair]
            answer = yield from fetch(request)
            stored[pair] = answer.as_hit(code)
            return answer

        return serve


class Checkpoint(Layer):
    """It fails: one request in five is turned away."""

    events: ClassVar[Sequence[LayerEvent]] = (
        LayerEvent("turned_away", "turned_away", "request", "Turned away: {number}."),
    )

    kind: Literal["checkpoint"] = "checkpoint"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        code = context.recorder.code_of(self.kind)
        count = context.recorder.counter("turned_away")

        def check(request: Request) -> Steps:
            if request.id % 5:
                return (yield from fetch(request))
            count()
            now_ns = context.clock.now_ns
            return Answer(503, Lookup.MISS, Role.NONE, code, now_ns, 0)

        return check


class Backend(Layer):
    """It ends a path: a server that inspects what it is asked, and then answers."""

    scope: ClassVar[Scope] = Scope.ORIGIN

    kind: Literal["backend"] = "backend"
    latency_ns: PositiveDuration = default("120ms")

    @override
    def waits_before(self) -> Iterable[Wait]:
        half_ns = self.latency_ns / 2
        return Wait("inspection", half_ns), Wait("answer", half_ns)

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, recorder = context.clock, context.recorder
        code = recorder.code_of(self.kind)

        def answer(request: Request) -> Steps:
            now_ns = clock.now_ns
            then_ns = now_ns + self.latency_ns
            found = Answer(200, Lookup.MISS, Role.LEADER, code, then_ns, 1)
            recorder.called(request, now_ns, then_ns, found)
            yield clock.after(self.latency_ns, COMPLETE, request)
            return found

        return answer


PATHS = {
    "inspection": "[kv.read, inspection, kv.write, origin]",
    "edge_cache": "[edge_cache, origin]",
    "checkpoint": "[kv.read, checkpoint, kv.write, origin]",
    "backend": "[kv.read, inspection, kv.write, backend]",
}
WINDOWS_S = dict(zip(PATHS, (1.205, 0.12, 0.205, 1.205), strict=True))


@cache
def a_scenario(path: str, requests: int = 4_000, bypass: str = "0%") -> Scenario:
    """Return four seconds of even traffic on a cold key."""
    burst = f"{{kind: burst, requests: {requests}, within: 4s, bypass: {bypass}}}"
    return Scenario.parse(
        f"""
        traffic: {{arrivals: [{burst}]}}
        kv: {{read_latency: 5ms, write_latency: 80ms, writes_per_key: unlimited}}
        origin: {{latency: 120ms}}
        path: {PATHS.get(path, path)}
        """,
        extra=[Inspection, EdgeCache, Checkpoint, Backend],
    )


@cache
def a_run(kind: str) -> Outcomes:
    """Return one run."""
    return run(a_scenario(kind), seed=1)


@cache
def predicted(kind: str) -> ClosedForm:
    """Return the closed form of a path."""
    found = closed_form(a_scenario(kind), seed=1)
    assert found is not None
    return found


def trace(kind: str, which: str) -> str:
    """Return the trace of one request."""
    return request_trace_text(
        request_trace(a_scenario(kind), which, seed=1), a_scenario(kind)
    )


def story(kind: str) -> str:
    """Return the story of one run."""
    scenario, outcomes = a_scenario(kind), a_run(kind)
    events = timeline(outcomes, scenario.path)
    return " ".join(event_text(event, scenario, outcomes) for event in events)


def time_in(phase: Phase, kind: str) -> float:
    """Return how long the second request is in a phase, in seconds."""
    drawn = segments(a_run(kind), np.array([1]))
    is_phase = drawn.phase == phase
    spent_ns = int((drawn.end_ns - drawn.start_ns)[is_phase].sum())
    return spent_ns / NS_PER_S


def test_a_run_is_as_the_layers_have_it() -> None:
    """One waits, one serves, one turns away, one answers."""
    delayed, stored, failed, ended = (a_run(kind).requests for kind in PATHS)

    assert set(delayed.latency_s[delayed.lookup == "miss"].round(6)) == {1.205}
    assert set(stored.served_by[stored.lookup == "hit"]) == {"edge_cache"}
    assert (failed.status == 503).sum() == (failed.served_by == "checkpoint").sum() > 9
    assert set(ended.latency_s[ended.served_by == "backend"].round(6)) == {1.205}


@pytest.mark.parametrize("kind", PATHS)
def test_the_miss_window_is_predicted_as_it_is_simulated(kind: str) -> None:
    """As exactly as arrivals can show it: four standard errors of ten gaps."""
    simulated = replicate(a_scenario(kind), seed=1, replications=10)
    window_s = simulated.estimates["miss_window_s"].mean

    assert predicted(kind).window_s == pytest.approx(WINDOWS_S[kind])
    assert window_s == pytest.approx(
        WINDOWS_S[kind] + MEAN_GAP_S, abs=4 * MEAN_GAP_S / 10**0.5
    )


def test_the_closed_form_agrees_or_says_why_not() -> None:
    """Whoever is turned away does not call."""
    assert predicted("inspection").agrees
    assert predicted("edge_cache").agrees
    assert predicted("checkpoint").reasons[0].kind == "stopped"


def test_the_waits_of_a_last_layer_are_those_of_its_answers() -> None:
    """Not those of another layer that have the same name."""
    found = predicted("backend")

    assert {one.name: one.length_s for one in found.parts}["inspection"] == 1.06
    assert found.corrected == found.predicted
    assert found.agrees


def test_the_story_tells_what_the_layers_do() -> None:
    """In words that follow from what they are."""
    stored, failed = story("edge_cache"), story("checkpoint")

    assert "the edge cache stores it" in stored
    assert "The first cache hit: the edge cache has the value." in stored
    assert "The first error: a 503 from the checkpoint." in failed
    errors = int((a_run("checkpoint").requests.status == 503).sum())
    assert f"Turned away: {errors} requests." in failed


def test_the_trace_of_a_request_names_what_it_waits_for() -> None:
    """And what served it."""
    assert "Inspection, 1,000 ms." in trace("inspection", "1")
    assert "served by the edge cache" in trace("edge_cache", "first-hit")
    assert "It receives an error: 503." in trace("checkpoint", "5")
    assert "Checkpoint: error 503." in trace("checkpoint", "5")
    assert "heckpoint" not in trace("checkpoint", "1")
    assert "Edge cache: the value is found." in trace("edge_cache", "first-hit")
    assert "Inspection and answer, 120 ms: answered, 200" in trace("backend", "0")


def test_the_chart_names_the_phase_in_which_a_layer_delays() -> None:
    """And draws nothing where none does."""
    label = phase_paints(a_scenario("inspection"))[Phase.LOOKUP].label

    assert label == "look-up and inspection"
    assert phase_paints(a_scenario("checkpoint"))[Phase.LOOKUP].label == "look-up"
    assert time_in(Phase.LOOKUP, "inspection") == pytest.approx(1.005)
    assert time_in(Phase.LOOKUP, "edge_cache") == 0


@pytest.mark.parametrize("kind", PATHS)
def test_a_path_with_it_is_explained(kind: str) -> None:
    """With changes that are tried on it."""
    explanation = explain(a_scenario(kind, requests=200), seed=1, replications=2)

    assert "object_per_key" in {one.kind for one in explanation.counterfactuals}
    assert explanation.closed_form is not None


ENTRIES = {
    "timeout": "{timeout: {after: 9s}}",
    "abandon": "{abandon: {after: 9s}}",
    "hedge": "{hedge: {after: 9s}}",
    "refresh_timer": "{refresh_timer: {every: 9s, first_at: 9s, keys: none}}",
    "batch": "{batch: {within: 20ms}}",
    "fan_out": "{fan_out: {calls: 3}}",
    "limiter": "{limiter: {rate_limit: unlimited}}",
    "load_shed": "{load_shed: {classes: [{above: 1M}]}}",
    "kv.read": "{kv.read: {read_latency: 0ms}}",
    "durable_object": "{durable_object: {hop: 30ms, first_use: 50ms}}",
    "durable_storage": "durable_object, {durable_storage: {read_latency: 20ms}}",
    "origins": (
        "{origins: {choose: round_robin, of: {a: {latency: 80ms}, b: {latency: 80ms}}}}"
    ),
}


KINDS = sorted({*Layer.members()} - {"origin"})


def a_path_with(kind: str) -> str:
    """Return a path with a layer of the package behind a read of KV in no time."""
    own, member = ENTRIES.get(kind, kind), Layer.members()[kind]
    end, before = ("origin", [own]) if member.scope is not Scope.ORIGIN else (own, [])
    layers = [*before, "kv.write"] if not member.joins_keys else ["kv.write", *before]
    return f"[{', '.join(dict.fromkeys([ENTRIES['kv.read'], *layers, end]))}]"


def is_bypassed(kind: str) -> bool:
    """Return whether a layer of the package stores or shares."""
    path = a_scenario(a_path_with(kind)).path
    return any(layer.kind == kind and layer.is_bypassed for layer in path)


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_of_the_package_says_what_a_miss_waits_for(kind: str) -> None:
    """Else a new one would make the closed form wrong."""
    path = a_path_with(kind)
    simulated = replicate(a_scenario(path), seed=1, replications=10)

    assert predicted(path).window_s == pytest.approx(
        simulated.estimates["miss_window_s"].mean, abs=3 * MEAN_GAP_S
    )


BYPASSED = [kind for kind in KINDS if is_bypassed(kind)]


@pytest.mark.parametrize("path", ["edge_cache", *map(a_path_with, BYPASSED)])
def test_requests_that_nothing_stored_may_answer_are_calls_at_their_arrival(
    path: str,
) -> None:
    """Whatever stores and shares there, in whichever layer of the package or a test."""
    found = run(a_scenario(path, requests=50, bypass="100%"), seed=1)

    assert set(found.requests.lookup) == {"bypass"}
    assert found.origin_hits.called_at_s.tolist() == (
        found.requests.arrived_at_s.tolist()
    )


def test_a_layer_that_stores_nothing_is_no_way_round() -> None:
    """It inspects a POST for a second, as it inspects a GET."""
    found = run(a_scenario("inspection", requests=50, bypass="100%"), seed=1)

    waited_s = found.origin_hits.called_at_s - found.requests.arrived_at_s
    assert set(waited_s.round(6)) == {1}


@pytest.mark.parametrize("path", [*PATHS.values(), *map(a_path_with, KINDS)])
def test_tables_call_a_layer_as_it_calls_itself(path: str) -> None:
    """Else its words would not be found."""
    layers = a_scenario(path).path

    for name in a_run(path).layers:
        assert any(layer.noun_as(name) for layer in layers), name
