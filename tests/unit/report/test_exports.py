"""Exports: what other programs read, by their own rules."""

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from simcoalesce.experiment.run import run
from simcoalesce.metrics.latency import answered_ns
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.exports.events import events_text
from simcoalesce.report.exports.hgrm import hgrm_text
from simcoalesce.report.exports.perfetto_trace import trace_text
from tests.unit.experiment.builders import a_sale


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    """Return a run with leaders, followers and hits."""
    return run(a_sale("per-key"), seed=5)


def traced(outcomes: Outcomes, phase: str) -> list[dict[str, Any]]:
    """Return the events of one kind of a trace."""
    events = json.loads(trace_text(outcomes))["traceEvents"]
    return [event for event in events if event["ph"] == phase]


def test_the_percentiles_of_a_histogram_are_exact(outcomes: Outcomes) -> None:
    """Each value is that of the sorted latencies, each count how many reach it."""
    latencies = np.sort(answered_ns(outcomes)) / 1e6
    rows = [line.split() for line in hgrm_text(outcomes).splitlines()[2:-3]]

    for value, share, reached, *_ in rows:
        rank = max(int(np.ceil(float(share) * len(latencies) - 1e-6)), 1)
        assert float(value) == pytest.approx(latencies[rank - 1], abs=1e-3)
        assert int(reached) >= rank
    assert float(rows[-1][1]) == 1.0


def test_a_histogram_has_five_ticks_for_each_halving(outcomes: Outcomes) -> None:
    """0, 0.1, ... 0.5, 0.55, ... 0.75, 0.775: as HdrHistogram's own."""
    rows = [line.split() for line in hgrm_text(outcomes).splitlines()[2:-3]]
    shares = [float(row[1]) for row in rows[:12]]

    expected = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.775]
    assert shares == pytest.approx(expected)


def test_events_are_in_order_of_time(outcomes: Outcomes) -> None:
    """Two for each request, two for each call, never backwards."""
    events = [json.loads(line) for line in events_text(outcomes).splitlines()]
    instants = [event["at_s"] for event in events]
    calls = len(outcomes.origin_rows.request)

    assert len(events) == 2 * 60 + 2 * calls
    assert instants == sorted(instants)


def test_slices_of_a_lane_do_not_overlap(outcomes: Outcomes) -> None:
    """The format knows no overlapping slices in a thread."""
    lanes: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for event in traced(outcomes, "X"):
        lane = lanes.setdefault((event["pid"], event["tid"]), [])
        lane.append((event["ts"], event["ts"] + event["dur"]))

    for lane in lanes.values():
        assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(sorted(lane)))


def test_an_arrow_leads_from_a_leader_to_each_follower(outcomes: Outcomes) -> None:
    """Both ends lie in a slice, and have the same id."""
    begins = {event["id"]: event["ts"] for event in traced(outcomes, "s")}
    ends = {event["id"]: event["ts"] for event in traced(outcomes, "f")}
    followers = int((outcomes.request_rows.role == 2).sum())

    assert begins.keys() == ends.keys()
    assert 0 < len(ends) <= followers
    assert all(begins[request] <= ends[request] for request in ends)


FIELDS = {
    "M": {"name", "pid", "tid", "args"},
    "X": {"cat", "name", "pid", "tid", "ts", "dur", "args"},
    "b": {"cat", "name", "id2", "pid", "tid", "ts", "args"},
    "e": {"cat", "name", "id2", "pid", "tid", "ts"},
    "s": {"cat", "name", "id", "pid", "tid", "ts"},
    "f": {"cat", "name", "id", "pid", "tid", "ts", "bp"},
    "C": {"name", "pid", "tid", "ts", "args"},
}
"""What the Trace Event Format asks of each phase, and no more."""


def test_every_event_has_the_fields_of_its_phase(outcomes: Outcomes) -> None:
    """Slices, asynchronous events, flows, counters and names, as viewers read them."""
    events = json.loads(trace_text(outcomes, a_sale("per-key")))["traceEvents"]

    assert {event["ph"] for event in events} == FIELDS.keys()
    for event in events:
        assert event.keys() - {"ph"} == FIELDS[event["ph"]]


def test_every_call_begins_and_ends(outcomes: Outcomes) -> None:
    """An asynchronous pair for each, with an id of its own."""
    begun = {event["id2"]["local"]: event["ts"] for event in traced(outcomes, "b")}
    ended = {event["id2"]["local"]: event["ts"] for event in traced(outcomes, "e")}

    assert len(begun) == len(outcomes.origin_rows.request)
    assert begun.keys() == ended.keys()
    assert all(begun[call] <= ended[call] for call in begun)


def counters(events: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Return the counts of each counter, in their order."""
    found: dict[str, list[int]] = {}
    for event in events:
        found.setdefault(event["name"], []).append(event["args"]["count"])
    return found


@pytest.mark.parametrize("name", ["calls open", "requests in flight"])
def test_what_is_under_way_ends_at_zero(outcomes: Outcomes, name: str) -> None:
    """Every call that is opened is closed, every request answered."""
    counts = counters(traced(outcomes, "C"))[name]

    assert max(counts) > 0
    assert (min(counts), counts[-1]) == (0, 0)


def test_tokens_are_what_the_limit_leaves() -> None:
    """A bucket of ten for sixty requests: full at first, empty soon, never below."""
    limit = "origin.rate_limit={kind: token_bucket, rate: 1/s, burst: 10}"
    scenario = a_sale(None, limit)
    events = json.loads(trace_text(run(scenario, seed=5), scenario))["traceEvents"]

    tokens = counters([event for event in events if event["ph"] == "C"])["tokens"]

    assert (max(tokens), min(tokens)) == (10, 0)


def test_without_a_limit_there_are_no_tokens(outcomes: Outcomes) -> None:
    """Nothing is counted that is not there."""
    assert "tokens" not in counters(traced(outcomes, "C"))
