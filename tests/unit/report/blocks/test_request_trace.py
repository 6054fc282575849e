"""The trace of a request is in the order of time, and claims no more than its rows."""

from dataclasses import replace

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
    return request_trace(a_scenario(*overrides), which, seed=3)


def told(*overrides: str, which: str) -> str:
    """Return its trace in one line."""
    trace = a_request_trace(*overrides, which=which)
    return " ".join(request_trace_text(trace, a_scenario(*overrides)).split())


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
    text = told(path, which="0")

    assert text.count("Origin, 60 ms: answered, 200; no other call") == 1
    assert text.count("Besides, it calls the origin") == 1
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
    assert "no other call for its key is in flight" in told(which="first-miss")


def test_a_cold_start_is_told_where_there_was_one() -> None:
    """Who comes to an isolate that runs waits for none."""
    path = ["path=[memory, origin]", "worker.cold_start=40ms", "traffic.isolates=1"]

    assert "Start of its isolate, 40 ms." in told(*path, which="0")
    assert "Start" not in told(*path, which="199")


def test_a_follower_of_a_kept_fetch_waits_for_nothing() -> None:
    """Its answer was kept in the map."""
    path = "path=[{durable_object: {cleanup: never}}, origin]"
    text = told(path, which="150")

    assert "Durable object: its answer was there before, 200." in text
    assert "Latency 0 ms" in text


def test_another_s_fetch_is_told_with_what_it_waited_for() -> None:
    """Who comes 1 ms after the first waits for the rest of its fetch."""
    text = told("path=[single_flight, origin]", "traffic.isolates=1", which="2")

    assert "Fetch of request 0, " in text
    assert "Meanwhile that one waits for: origin " in text
    assert text.endswith("Wait for another's fetch 100 %.")


def test_attempts_are_told_as_attempts() -> None:
    """Which layer made them, and what was waited for between them."""
    retry = "{retry: {attempts: 2, backoff: 50ms, jitter: none}}"
    text = told(f"path=[{retry}, kv.read, kv.write, origin]", which="first-429")

    assert "Attempt 1 of 2. KV read, 5 ms: it misses." in text
    assert "Origin, 10 ms: refused, 429" in text
    assert "Back-off, 50 ms." in text
    assert "Attempt 2 of 2 (retry). KV read, 5 ms" in text


def test_a_stale_answer_is_told_with_the_fetch_that_renews_it() -> None:
    """The one that it made itself, and did not wait for."""
    base = a_request_trace(which="first-miss")
    began_ns = base.arrived_at_ns + 7 * MS
    call = OriginCall(began_ns, began_ns + 60 * MS, 200, 0)
    stale = replace(base, lookup=Lookup.STALE, role=Role.NONE, calls=(call,))
    text = request_trace_text(stale, a_scenario())

    assert "It receives an expired value: 200." in text
    assert "The value is fetched again" in text
    assert "too late" not in text


def test_a_post_is_told_as_what_it_is() -> None:
    """Nothing is said of stores that it does not ask."""
    text = told(
        "traffic.arrivals=[{kind: burst, requests: 200, within: 1s, bypass: 20%}]",
        "path=[kv.read, durable_object, kv.write, origin]",
        which="first-bypass",
    )

    assert "no store and no shared fetch may answer it, as a POST." in text
    assert "Origin, 60 ms: answered, 200" in text
    assert "KV" not in text
    assert "It misses" not in text
