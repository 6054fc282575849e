"""The life of one request, in lines."""

from collections.abc import Iterator
from operator import itemgetter

from simcoalesce.explain.timeline.request_trace import RequestTrace
from simcoalesce.outcomes import NEVER, Lookup, Role
from simcoalesce.report.blocks.number_format import count, counted, duration
from simcoalesce.report.pictures.chart_context import ChartContext, clock_text
from simcoalesce.units import NS_PER_S

_LOOKUPS = {
    Lookup.HIT: "It found the value in a cache.",
    Lookup.STALE: "It was served an expired value.",
}


def request_trace_text(
    request_trace: RequestTrace, setting: ChartContext | None
) -> str:
    """Return what one request met, as lines without an end of line at the end.

    Args:
        request_trace: The request.
        setting: The scenario, for the clock.
    """
    rows = list(_rows(request_trace))
    clocks = [clock_text(setting, at_ns, digits=3) for at_ns, _ in rows]
    place = f"{request_trace.location}, isolate {request_trace.isolate}"
    lines = [f"Request {request_trace.request:,} · key {request_trace.key} · {place}"]
    for clock, (at_ns, told) in zip(clocks, rows, strict=True):
        since = duration((at_ns - request_trace.arrived_at_ns) / NS_PER_S)
        lines.append(f"  {clock}  {since:>8}  {told}")
    return "\n".join([*lines, _ending(request_trace)])


def _rows(request_trace: RequestTrace) -> Iterator[tuple[int, str]]:
    """Yield what happened to it, in the order of time."""
    steps = [
        *_beginning(request_trace),
        *_calls(request_trace),
        (request_trace.completed_at_ns, _end(request_trace)),
    ]
    yield from sorted(steps, key=itemgetter(0))


def _beginning(request_trace: RequestTrace) -> Iterator[tuple[int, str]]:
    yield request_trace.arrived_at_ns, "It arrives."
    if request_trace.lookup != Lookup.MISS:
        return
    before = counted(request_trace.earlier_misses, "request")
    as_others = (
        f", as {before} of this window before it"
        if request_trace.earlier_misses
        else ""
    )
    yield (
        request_trace.arrived_at_ns,
        f"It misses{as_others or ', as the first of its window'}.",
    )
    if request_trace.role == Role.FOLLOWER:
        yield request_trace.arrived_at_ns, "It shares the fetch of another request."


def _end(request_trace: RequestTrace) -> str:
    if request_trace.lookup != Lookup.MISS:
        return _LOOKUPS[request_trace.lookup]
    last = "It has its answer" if request_trace.status < 400 else "It gets an error"
    return f"{last}: {request_trace.status}."


def _calls(request_trace: RequestTrace) -> Iterator[tuple[int, str]]:
    is_served = request_trace.lookup != Lookup.MISS
    asks = "The value is fetched anew" if is_served else "It asks the origin"
    later_ns = [call.called_at_ns for call in request_trace.calls[1:]] + [
        request_trace.completed_at_ns
    ]
    for call, next_ns in zip(request_trace.calls, later_ns, strict=False):
        are = "is" if call.in_flight <= 1 else "are"
        other = f"{counted(call.in_flight, 'call')} for the same key {are} under way"
        if not call.in_flight:
            other = "no other call for the same key is under way"
        yield call.called_at_ns, f"{asks}, where {other}."
        # Who asked again by then, or is gone, had stopped waiting.
        is_late = call.completed_at_ns > next_ns and not is_served
        late = ", too late for it" if is_late else ""
        yield call.completed_at_ns, f"The origin answers {call.status}{late}."


def _ending(request_trace: RequestTrace) -> str:
    latency = duration(
        (request_trace.completed_at_ns - request_trace.arrived_at_ns) / NS_PER_S
    )
    longer = "none" if not request_trace.rank else count(request_trace.rank)
    age = (
        ""
        if request_trace.age_ns == NEVER
        else f", {duration(request_trace.age_ns / NS_PER_S)} old"
    )
    return (
        f"It waited for {latency}, served by {request_trace.served_by}{age};"
        f" {longer} waited longer."
    )
