"""The trace of a request is in the order of time, and claims no more than its rows."""

from dataclasses import replace

from simcoalesce import run
from simcoalesce.explain.timeline.request_trace import (
    OriginCall,
    RequestTrace,
    request_trace,
)
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.report.blocks.request_trace import request_trace_text
from tests.unit.explain.builders import a_scenario

MS = 1_000_000


def a_request_trace(*overrides: str, which: str = "slowest") -> RequestTrace:
    """Return one request of a small burst."""
    return request_trace(run(a_scenario(*overrides), seed=3), which)


def test_an_answer_after_the_error_stands_below_it() -> None:
    """And came too late."""
    path = "path=[{timeout: {after: 20ms}}, kv.read, kv.write, origin]"
    lines = request_trace_text(
        a_request_trace(path, which="first-miss"), a_scenario(path)
    ).splitlines()
    (error,) = (
        place for place, one in enumerate(lines) if "It receives an error" in one
    )

    assert "The origin answers 200, too late for this request." in lines[error + 1]


def test_only_the_call_that_is_not_needed_is_too_late() -> None:
    """Of two calls that are under way together, the first is the answer."""
    path = "path=[{hedge: {after: 20ms}}, origin]"
    text = request_trace_text(a_request_trace(path, which="0"), a_scenario(path))

    assert text.count("The origin answers 200.") == 1
    assert text.count("The origin answers 200, too late for this request.") == 1


def test_a_client_that_hangs_up_gets_no_answer() -> None:
    """Neither a refusal nor an error of somebody: it left."""
    path = "path=[{abandon: {after: 20ms}}, kv.read, kv.write, origin]"
    text = request_trace_text(
        a_request_trace(path, which="first-miss"), a_scenario(path)
    )

    assert "Its client hangs up: 499." in text
    assert "Latency 20 ms, and its client hung up." in text
    assert "receives" not in text


def test_a_first_call_has_no_other_in_flight() -> None:
    """It is not among 0 calls."""
    told = request_trace_text(a_request_trace(which="first-miss"), a_scenario())

    assert "no other call for its key is in flight" in told


def test_a_cold_start_may_have_been_waited_for() -> None:
    """No row says which isolates were new, so the sentence has an if."""
    rule = "worker.cold_start=40ms"
    told = request_trace_text(a_request_trace(rule), a_scenario(rule))

    assert "If its isolate is new, it waits for its start (40 ms)." in told
    assert "start" not in request_trace_text(a_request_trace(), a_scenario())


def test_a_follower_joins_a_fetch() -> None:
    """Whether it is still under way, or was kept in the map."""
    path = "path=[{durable_object: {cleanup: never}}, origin]"
    told = request_trace_text(a_request_trace(path, which="150"), a_scenario(path))

    assert "It joins the fetch of another request." in told


def test_a_stale_answer_is_told_with_the_fetch_that_renews_it() -> None:
    """The one that it made itself."""
    base = a_request_trace(which="first-miss")
    call = OriginCall(base.arrived_at_ns, base.arrived_at_ns + 60 * MS, 200, 0)
    done_ns = base.arrived_at_ns + 5 * MS
    stale = replace(
        base,
        lookup=Lookup.STALE,
        role=Role.NONE,
        calls=(call,),
        completed_at_ns=done_ns,
    )
    told = request_trace_text(stale, a_scenario())

    assert "It gets an expired value." in told
    assert "The value is fetched again" in told
    assert "too late" not in told
