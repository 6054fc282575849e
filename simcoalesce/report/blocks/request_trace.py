"""The trace of one request, in lines."""

from collections.abc import Iterator
from operator import itemgetter
from textwrap import wrap
from typing import Final

from simcoalesce.explain.timeline.request_trace import OriginCall, RequestTrace
from simcoalesce.explain.timeline.wait_part import WaitPart
from simcoalesce.outcomes import CLIENT_LEFT, NEVER, Lookup
from simcoalesce.report.blocks.number_format import NO_BREAK, counted, duration, held
from simcoalesce.report.blocks.path_sentences import noun_of
from simcoalesce.report.blocks.scenario_text import clock_text
from simcoalesce.report.blocks.wait_sentences import (
    meanwhile_text,
    part_text,
    shares_text,
)
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S
from simcoalesce.visible import visible

WIDTH: Final = 80
_FIRST: Final = "it is the first miss of its miss window"
_FOUND: Final = {
    Lookup.HIT: "It receives a stored value",
    Lookup.STALE: "It receives an expired value",
}


def request_trace_text(
    trace: RequestTrace, scenario: Scenario, *, width: int = WIDTH
) -> str:
    """Return what happened to one request, as lines without an end of line at the end.

    Args:
        trace: The request.
        scenario: Its scenario, for the clock, and for what layers are called.
        width: How many columns to use.
    """
    where = f"{trace.location}, isolate {trace.isolate}"
    lines = [f"Request {trace.request:,} · key {trace.key} · {where}"]
    rows = sorted(_rows(trace), key=itemgetter(0))
    clocks = [clock_text(scenario, at_ns, digits=3) for at_ns, _ in rows]
    longest = max(map(len, clocks))
    for clock, (at_ns, told) in zip(clocks, rows, strict=True):
        since = duration((at_ns - trace.arrived_at_ns) / NS_PER_S)
        lines += _wrapped(f"  {clock:>{longest}}  {since:>8}  ", told, width)
    lines += _wrapped("", _ending(trace, noun_of(scenario, trace.served_by)), width)
    if shares := shares_text(trace.parts):
        lines += _wrapped("", f"{shares[0].upper()}{shares[1:]}.", width)
    return "\n".join(map(visible, lines))


def _wrapped(first: str, text: str, width: int) -> list[str]:
    indent = " " * len(first)
    lines = wrap(
        held(text),
        width,
        initial_indent=first,
        subsequent_indent=indent,
        break_on_hyphens=False,
    )
    return [line.replace(NO_BREAK, " ") for line in lines]


def _rows(trace: RequestTrace) -> Iterator[tuple[int, str]]:
    """Yield what happened to it; of one instant, in order."""
    yield trace.arrived_at_ns, _arrival(trace)
    attempts = max((part.attempt for part in trace.parts), default=1)
    attempt = int(attempts == 1)
    for part in trace.parts:
        if part.status == CLIENT_LEFT:
            continue
        told = part_text(part)
        if part.attempt > attempt:
            attempt = part.attempt
            by = f" ({part.asked_by})" if part.asked_by else ""
            told = f"Attempt {attempt} of {attempts}{by}. {told}"
        call = _call_of(part, trace)
        yield part.from_ns, f"{told}{_note(call)}."
        if part.parts:
            yield part.from_ns, f"{meanwhile_text(part.parts)}."
    yield trace.completed_at_ns, _end(trace)
    yield from _other_calls(trace)
    for part in trace.background:
        yield part.from_ns, f"In the background: {part_text(part, is_first=False)}."


def _arrival(trace: RequestTrace) -> str:
    if trace.lookup is Lookup.BYPASS:
        return "It arrives; no store and no shared fetch may answer it, as a POST."
    if trace.lookup in _FOUND:
        return "It arrives."
    earlier = counted(trace.earlier_misses, "request")
    before = f"{earlier} missed before it in this miss window"
    return f"It arrives; {before if trace.earlier_misses else _FIRST}."


def _end(trace: RequestTrace) -> str:
    if trace.lookup in _FOUND:
        return f"{_FOUND[trace.lookup]}: {trace.status}."
    if trace.status == CLIENT_LEFT:
        return f"Its client hangs up: {CLIENT_LEFT}."
    is_good = trace.status < 400
    return f"It receives {'its answer' if is_good else 'an error'}: {trace.status}."


def _call_of(part: WaitPart, trace: RequestTrace) -> OriginCall | None:
    """Return the call of the origin that a part begins."""
    if part.layer != trace.last_layer:
        return None
    began = [call for call in trace.calls if call.called_at_ns == part.from_ns]
    until_ns = _waited_until_ns(part, trace)
    # Of several that began at once, it waits for the one that ends then.
    return min(began, key=lambda one: one.completed_at_ns != until_ns, default=None)


def _note(call: OriginCall | None) -> str:
    if call is None:
        return ""
    if not call.in_flight:
        return "; no other call for its key is in flight"
    are = "is" if call.in_flight == 1 else "are"
    return f"; {counted(call.in_flight, 'other call')} for its key {are} in flight"


def _other_calls(trace: RequestTrace) -> Iterator[tuple[int, str]]:
    """Yield the calls that are no part of the wait, and the answers that come late."""
    told = {_call_of(part, trace): part for part in trace.parts}
    is_served = trace.lookup in _FOUND
    asks = "The value is fetched again" if is_served else "Besides, it calls the origin"
    for call in trace.calls:
        if call not in told:
            yield call.called_at_ns, f"{asks}{_note(call)}."
        elif call.completed_at_ns <= _waited_until_ns(told[call], trace):
            continue
        is_late = call.completed_at_ns > trace.completed_at_ns and not is_served
        late = ", too late for this request" if is_late else ""
        yield call.completed_at_ns, f"The origin answers {call.status}{late}."


def _waited_until_ns(part: WaitPart, trace: RequestTrace) -> int:
    """Return until when a request waits in the layer in which a part begins."""
    until_ns = part.until_ns
    for other in trace.parts:
        if other.layer == part.layer and other.from_ns == until_ns:
            until_ns = other.until_ns
    return until_ns


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
