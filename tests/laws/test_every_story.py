"""A story can be told of every run, and its numbers are those of the rows."""

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce import Scenario
from simcoalesce.explain.timeline.event import Event
from simcoalesce.explain.timeline.surges import surges
from simcoalesce.explain.timeline.timeline import timeline
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.timeline import event_text
from simcoalesce.request import Requests
from tests.builders import simulated
from tests.random_scenarios import ALL_PATHS, any_requests

QUICK = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=5_000, derandomize=False)
ANY = {"path": ALL_PATHS, "requests": any_requests(), "seed": st.integers(0, 9)}

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
    outcomes = simulated(path, requests, seed=seed, locations=2, keys=2)
    scenario = SCENARIO.model_copy(update={"path": tuple(path)})
    return scenario, outcomes, timeline(outcomes, path)


def check_a_story(**drawn: Any) -> None:
    """Assert what the story of any run obeys."""
    scenario, outcomes, events = a_story(**drawn)
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    ends_ns = max(rows.completed_at_ns.max(), calls.completed_at_ns.max(initial=0))
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


def check_surges(**drawn: Any) -> None:
    """Assert that surges of any run are apart, and that their calls are calls of it."""
    _, outcomes, _ = a_story(**drawn)
    found, calls = surges(outcomes), outcomes.origin_rows
    assert sum(one.calls for one in found) <= len(calls.request)
    assert sum(one.refused for one in found) <= np.count_nonzero(calls.status == 429)
    for one in found:
        assert one.first_at_ns <= one.last_at_ns
        assert one.number >= 10


@QUICK
@given(**ANY)
def test_every_run_has_a_story(**drawn: Any) -> None:
    """In the order of time, within the run, each event in a sentence."""
    check_a_story(**drawn)


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
