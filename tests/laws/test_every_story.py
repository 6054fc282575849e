"""A story can be told of every run, and its numbers are those of the rows."""

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from simcoalesce import Scenario
from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.layer_events import events_of
from simcoalesce.explain.timeline.surges import surges
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.model.clock import START, Fetch, Steps
from simcoalesce.model.layer import Layer, LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.timeline import event_text
from simcoalesce.request import Request, Requests
from tests.builders import MS, S, a_path, an_origin, at_ms, even, simulated, tables
from tests.random_scenarios import ALL_PATHS, any_requests

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=5_000, derandomize=False)
ANY = {"path": ALL_PATHS, "requests": any_requests(), "seed": st.integers(0, 9)}

ERRORS = {"first_error", "another_error", "more_errors"}
SCENARIO = Scenario.parse("""
traffic:
  arrivals: [{kind: burst, requests: 1, within: 1s}]
  keys: {kind: zipf, s: 0, n: 2}
  locations: {at-0: 1, at-1: 1}
  isolates: 2
origin: {latency: 1s}
path: [origin]
""")


def a_story(
    path: list[Layer], requests: Requests, seed: int
) -> tuple[Scenario, Outcomes, tuple[Event, ...]]:
    """Return a random run of two keys at two locations, and what is told of it."""
    outcomes = simulated(path, requests, seed=seed, locations=2, keys=2, is_noted=True)
    scenario = SCENARIO.model_copy(update={"path": tuple(path)})
    return scenario, outcomes, timeline(outcomes, path)


def check_a_story(**drawn: Any) -> None:
    """Assert what the story of any run obeys."""
    scenario, outcomes, events = a_story(**drawn)
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    ends_ns = max(rows.completed_at_ns.max(), calls.completed_at_ns.max(initial=0))
    ends_ns = max([ends_ns, *(one.last_at_ns for one in outcomes.noted.values())])
    by_kind: dict[str, Event] = {}
    for event in events:
        assert rows.arrived_at_ns[0] <= event.at_ns <= ends_ns
        assert event_text(event, scenario, outcomes)
        by_kind.setdefault(event.kind, event)
    instants = [event.at_ns for event in events]
    assert instants == sorted(instants)
    assert by_kind["arrivals_begin"].number == len(rows.request)
    assert by_kind["last_arrival"].number == len(calls.request)
    refused = int(np.count_nonzero(calls.status == 429))
    first = by_kind.get("first_429")
    assert (first.refused if first else 0) == refused
    failed = int(np.count_nonzero((rows.status >= 400) & (rows.status != 429)))
    errors = [event.number for event in events if event.kind in ERRORS]
    assert sum(errors) == failed


def check_the_notes(path: list[Layer], requests: Requests, seed: int) -> None:
    """Assert that notes change nothing, agree with tallies, and are told."""
    more: dict[str, Any] = {"seed": seed, "locations": 2, "keys": 2}
    noted = simulated(path, requests, **more, is_noted=True)
    ordinary = simulated(path, requests, **more)
    assert tables(noted) == tables(ordinary)
    assert not ordinary.noted
    for unit, one in noted.noted.items():
        assert noted.usage.get(unit, one.number) == one.number > 0
        assert 0 <= one.first_at_ns <= one.last_at_ns
    units = {event.unit for event in events_of(path)}
    kinds = [event.kind for event in events_of(path)]
    # What is not told is tallied: e.g. which of several origins is called.
    assert noted.noted.keys() <= units | noted.usage.keys()
    assert len(set(kinds)) == len(kinds)


def check_surges(**drawn: Any) -> None:
    """Assert that surges of any run are apart, and that their calls are calls of it."""
    _, outcomes, _ = a_story(**drawn)
    found, calls = surges(outcomes), outcomes.origin_rows
    assert sum(one.calls for one in found) <= len(calls.request)
    assert sum(one.refused for one in found) <= np.count_nonzero(calls.status == 429)
    for one in found:
        assert one.first_at_ns <= one.last_at_ns
        assert one.number >= 10


class Turnstile(Layer):
    """A layer that only a test knows: one passes each 100 ms, and the others wait."""

    events: ClassVar[Sequence[LayerEvent]] = (
        LayerEvent(
            *("turnstile", "turnstile_waits", "request"),
            "Requests wait at the turnstile: {number}, for {longest} at most.",
        ),
    )

    kind: Literal["turnstile"] = "turnstile"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, note = context.clock, context.recorder.note("turnstile_waits")
        free_at_ns = 0

        def pass_it(request: Request) -> Steps:
            nonlocal free_at_ns
            wait_ns = max(free_at_ns - clock.now_ns, 0)
            free_at_ns = clock.now_ns + wait_ns + 100 * MS
            if wait_ns:
                note.happened()
                note.took(wait_ns)
                yield clock.after(wait_ns, START, request)
            return (yield from fetch(request))

        return pass_it


def test_a_layer_that_only_a_test_knows_is_told_at_its_instant() -> None:
    """The second of two requests waits from 50 ms to 100 ms."""
    path = [Turnstile(), *a_path(an_origin("10ms"))]
    outcomes = simulated(path, at_ms(0, 50), is_noted=True)
    (event,) = (one for one in timeline(outcomes, path) if one.kind == "turnstile")
    scenario = SCENARIO.model_copy(update={"path": tuple(path)})

    assert (event.at_ns, event.number, event.longest_ns) == (50 * MS, 1, 50 * MS)
    assert event_text(event, scenario, outcomes) == (
        "Requests wait at the turnstile: 1 request, for 50 ms at most."
    )


class Roadworks(Layer):
    """A layer that says nothing of itself: who comes from 3 s on waits until 10 s."""

    kind: Literal["roadworks"] = "roadworks"

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock = context.clock

        def wait(request: Request) -> Steps:
            if clock.now_ns >= 3 * S:
                yield clock.until(10 * S, START, request)
            return (yield from fetch(request))

        return wait


def test_a_queue_of_which_no_layer_tells_is_seen_all_the_same() -> None:
    """Ten requests a second: 70 have come between 3 s and 10 s."""
    path = [Roadworks(), *a_path(an_origin("10ms"))]
    outcomes = simulated(path, even(100, 100 * MS), is_noted=True)
    (event,) = (one for one in timeline(outcomes, path) if one.kind == "backlog")

    assert event.number == 70
    assert event.at_ns == 9_900 * MS


@QUICK
@given(**ANY)
def test_every_run_has_a_story(**drawn: Any) -> None:
    """In the order of time, within the run, each event in a sentence."""
    check_a_story(**drawn)


@QUICK
@given(**ANY)
def test_notes_change_no_row(**drawn: Any) -> None:
    """Each is counted as tallies count it, and some layer says what it is."""
    check_the_notes(**drawn)


@QUICK
@given(**ANY)
def test_surges_are_parts_of_the_run(**drawn: Any) -> None:
    """Of every path."""
    check_surges(**drawn)


@pytest.mark.slow
@LONG
@given(**ANY)
def test_thousands_of_runs_have_a_story(**drawn: Any) -> None:
    """As a hundred have."""
    check_a_story(**drawn)
    check_the_notes(**drawn)
