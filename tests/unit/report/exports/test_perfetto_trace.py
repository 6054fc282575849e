"""Traces: what Perfetto reads, by the rules of the Trace Event Format."""

import json
from itertools import pairwise
from typing import Any

import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.result import Result
from simcoalesce.report.exports.perfetto_trace import PerfettoTrace
from tests.unit.experiment.builders import a_sale


def traced(result: Result, phase: str) -> list[dict[str, Any]]:
    """Return the events of one kind of a trace."""
    events = json.loads(PerfettoTrace().text(result))["traceEvents"]
    return [event for event in events if event["ph"] == phase]


def test_slices_of_a_lane_do_not_overlap(result: Result) -> None:
    """The format knows no overlapping slices in a thread."""
    lanes: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for event in traced(result, "X"):
        lane = lanes.setdefault((event["pid"], event["tid"]), [])
        lane.append((event["ts"], event["ts"] + event["dur"]))

    for lane in lanes.values():
        assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(sorted(lane)))


def test_an_arrow_leads_from_a_leader_to_each_follower(result: Result) -> None:
    """Both ends lie in a slice, and have the same id."""
    begins = {event["id"]: event["ts"] for event in traced(result, "s")}
    ends = {event["id"]: event["ts"] for event in traced(result, "f")}
    followers = int((result.outcomes.request_rows.role == 2).sum())

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


def test_every_event_has_the_fields_of_its_phase(result: Result) -> None:
    """Slices, asynchronous events, flows, counters and names, as viewers read them."""
    events = json.loads(PerfettoTrace().text(result))["traceEvents"]

    assert {event["ph"] for event in events} == FIELDS.keys()
    for event in events:
        assert event.keys() - {"ph"} == FIELDS[event["ph"]]


def test_every_call_begins_and_ends(result: Result) -> None:
    """An asynchronous pair for each, with an id of its own."""
    started = {event["id2"]["local"]: event["ts"] for event in traced(result, "b")}
    ended = {event["id2"]["local"]: event["ts"] for event in traced(result, "e")}

    assert len(started) == len(result.outcomes.origin_rows.request)
    assert started.keys() == ended.keys()
    assert all(started[call] <= ended[call] for call in started)


def counters(events: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Return the counts of each counter, in their order."""
    found: dict[str, list[int]] = {}
    for event in events:
        found.setdefault(event["name"], []).append(event["args"]["count"])
    return found


@pytest.mark.parametrize("name", ["calls open", "requests in flight"])
def test_what_is_under_way_ends_at_zero(result: Result, name: str) -> None:
    """Every call that is opened is closed, every request answered."""
    counts = counters(traced(result, "C"))[name]

    assert max(counts) > 0
    assert (min(counts), counts[-1]) == (0, 0)


def test_tokens_are_what_the_limit_leaves() -> None:
    """A bucket of ten for sixty requests: full at first, empty soon, never below."""
    limit = "origin.rate_limit={kind: token_bucket, rate: 1/s, burst: 10}"
    scenario = a_sale(None, limit)
    found = replicate(scenario, seed=5, replications=1)
    events = json.loads(PerfettoTrace().text(found))["traceEvents"]

    tokens = counters([event for event in events if event["ph"] == "C"])["tokens"]

    assert (max(tokens), min(tokens)) == (10, 0)


def test_tokens_of_single_keys_are_not_counted() -> None:
    """Each key has a bucket of its own: no number is what is left."""
    limit = "{kind: token_bucket, rate: 1/s, burst: 10, for_each: key}"
    scenario = a_sale(None, f"origin.rate_limit={limit}")
    found = replicate(scenario, seed=5, replications=1)

    assert "tokens" not in counters(traced(found, "C"))


def test_without_a_limit_there_are_no_tokens(result: Result) -> None:
    """Nothing is counted that is not there."""
    assert "tokens" not in counters(traced(result, "C"))
