"""The trace of one request, in lines."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from operator import itemgetter
from typing import Final

from simcoalesce.explain.timeline.request_trace import RequestTrace
from simcoalesce.model.layer import Layer, Wait
from simcoalesce.outcomes import CLIENT_LEFT, NEVER, Lookup, Role
from simcoalesce.report.blocks.number_format import counted, duration, listed
from simcoalesce.report.blocks.path_sentences import (
    noun_of,
    waits_after,
    waits_before,
)
from simcoalesce.report.blocks.scenario_text import clock_text
from simcoalesce.scenario.part import Worker
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_FIRST: Final = "it is the first miss of its miss window"
_LOOKUPS: Final = {
    Lookup.HIT: "It finds the value in a cache.",
    Lookup.STALE: "It gets an expired value.",
}


def request_trace_text(trace: RequestTrace, scenario: Scenario) -> str:
    """Return what happened to one request, as lines without an end of line at the end.

    Args:
        trace: The request.
        scenario: Its scenario, for the clock, and for what layers wait for.
    """
    rows = list(_rows(trace, scenario))
    clocks = [clock_text(scenario, at_ns, digits=3) for at_ns, _ in rows]
    where = f"{trace.location}, isolate {trace.isolate}"
    lines = [f"Request {trace.request:,} · key {trace.key} · {where}"]
    for clock, (at_ns, told) in zip(clocks, rows, strict=True):
        since = duration((at_ns - trace.arrived_at_ns) / NS_PER_S)
        lines.append(f"  {clock}  {since:>8}  {told}")
    return "\n".join([*lines, _ending(trace, noun_of(scenario, trace.served_by))])


def _rows(trace: RequestTrace, scenario: Scenario) -> Iterator[tuple[int, str]]:
    """Yield what happened to it, in the order of time."""
    steps = [
        *_beginning(trace, scenario.worker),
        *_calls(trace, scenario.path),
        (trace.completed_at_ns, _end(trace)),
    ]
    yield from sorted(steps, key=itemgetter(0))


def _beginning(trace: RequestTrace, worker: Worker) -> Iterator[tuple[int, str]]:
    at_ns = trace.arrived_at_ns
    yield at_ns, "It arrives."
    start_ns = worker.cold_start.expected_ns
    if start_ns:
        takes = duration(start_ns / NS_PER_S)
        yield at_ns, f"If its isolate is new, it waits for its start ({takes})."
    if trace.lookup != Lookup.MISS:
        return
    earlier = counted(trace.earlier_misses, "request")
    before = f"{earlier} missed before it in this miss window"
    yield at_ns, f"It misses; {before if trace.earlier_misses else _FIRST}."
    if trace.role == Role.FOLLOWER:
        yield at_ns, "It joins the fetch of another request."


def _end(trace: RequestTrace) -> str:
    if trace.lookup != Lookup.MISS:
        return _LOOKUPS[trace.lookup]
    if trace.status == CLIENT_LEFT:
        return f"Its client hangs up: {CLIENT_LEFT}."
    is_good = trace.status < 400
    return f"It receives {'its answer' if is_good else 'an error'}: {trace.status}."


def _calls(trace: RequestTrace, path: Sequence[Layer]) -> Iterator[tuple[int, str]]:
    is_served = trace.lookup != Lookup.MISS
    if trace.calls and not is_served:
        yield from _wait(trace.arrived_at_ns, waits_before(path))
    asks = "The value is fetched again" if is_served else "It calls the origin"
    is_together = any(layer.calls_together for layer in path)
    for call, next_call in zip_longest(trace.calls, trace.calls[1:]):
        are = "is" if call.in_flight <= 1 else "are"
        other = f"{counted(call.in_flight, 'other call')} for its key {are} in flight"
        if not call.in_flight:
            other = "no other call for its key is in flight"
        yield call.called_at_ns, f"{asks}; {other}."
        # After its end, or its next call alone, a request no longer waits for this one.
        is_last = next_call is None or is_together
        until_ns = trace.completed_at_ns if is_last else next_call.called_at_ns
        is_late = call.completed_at_ns > until_ns and not is_served
        late = ", too late for this request" if is_late else ""
        yield call.completed_at_ns, f"The origin answers {call.status}{late}."
        if not is_late and not is_served:
            yield from _wait(call.completed_at_ns, waits_after(path))


def _wait(at_ns: int, waits: Sequence[Wait]) -> Iterator[tuple[int, str]]:
    named = [f"{wait.name} ({duration(wait.length_s)})" for wait in waits]
    if named:
        yield at_ns, f"It waits for: {listed(named)}."


def _ending(trace: RequestTrace, served_by: str) -> str:
    latency = duration((trace.completed_at_ns - trace.arrived_at_ns) / NS_PER_S)
    longer = (
        counted(trace.waited_longer, "request") if trace.waited_longer else "No request"
    )
    is_new = trace.age_ns == NEVER
    age = "" if is_new else f" with a value {duration(trace.age_ns / NS_PER_S)} old"
    how = f"{_how(trace.status)} {served_by}{age}"
    if trace.status == CLIENT_LEFT:
        how = "and its client hung up"
    return f"Latency {latency}, {how}. {longer} waited longer."


def _how(status: int) -> str:
    if status == 429:
        return "refused by"
    return "served by" if status < 400 else "an error from"
