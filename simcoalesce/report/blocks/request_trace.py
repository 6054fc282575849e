"""The trace of one request, in lines."""

from collections.abc import Iterator
from operator import itemgetter

from simcoalesce.explain.timeline.request_trace import RequestTrace
from simcoalesce.outcomes import NEVER, Lookup, Role
from simcoalesce.report.blocks.number_format import counted, duration
from simcoalesce.report.pictures.chart_context import ChartContext, clock_text
from simcoalesce.units import NS_PER_S

_LOOKUPS = {
    Lookup.HIT: "It finds the value in a cache.",
    Lookup.STALE: "It gets an expired value.",
}


def request_trace_text(
    request_trace: RequestTrace, context: ChartContext | None
) -> str:
    """Return what one request met, as lines without an end of line at the end.

    Args:
        request_trace: The request.
        context: The scenario, for the clock.
    """
    rows = list(_rows(request_trace))
    clocks = [clock_text(context, at_ns, digits=3) for at_ns, _ in rows]
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
    before = "it is the first miss of its miss window"
    if request_trace.earlier_misses:
        earlier = counted(request_trace.earlier_misses, "request")
        before = f"{earlier} missed before it in this miss window"
    yield request_trace.arrived_at_ns, f"It misses; {before}."
    if request_trace.role == Role.FOLLOWER:
        yield request_trace.arrived_at_ns, "It joins the fetch of another request."


def _end(request_trace: RequestTrace) -> str:
    if request_trace.lookup != Lookup.MISS:
        return _LOOKUPS[request_trace.lookup]
    last = (
        "It receives its answer"
        if request_trace.status < 400
        else "It receives an error"
    )
    return f"{last}: {request_trace.status}."


def _calls(request_trace: RequestTrace) -> Iterator[tuple[int, str]]:
    is_served = request_trace.lookup != Lookup.MISS
    asks = "The value is fetched again" if is_served else "It calls the origin"
    later_ns = [call.called_at_ns for call in request_trace.calls[1:]] + [
        request_trace.completed_at_ns
    ]
    for call, next_ns in zip(request_trace.calls, later_ns, strict=False):
        are = "is" if call.in_flight <= 1 else "are"
        other = f"{counted(call.in_flight, 'other call')} for its key {are} in flight"
        if not call.in_flight:
            other = "no other call for its key is in flight"
        yield call.called_at_ns, f"{asks}; {other}."
        # After its next call, or its end, a request no longer waits for this one.
        is_late = call.completed_at_ns > next_ns and not is_served
        late = ", too late for this request" if is_late else ""
        yield call.completed_at_ns, f"The origin answers {call.status}{late}."


def _ending(request_trace: RequestTrace) -> str:
    latency = duration(
        (request_trace.completed_at_ns - request_trace.arrived_at_ns) / NS_PER_S
    )
    rank, age_ns = request_trace.rank, request_trace.age_ns
    longer = counted(rank, "request") if rank else "No request"
    age = "" if age_ns == NEVER else f" with a value {duration(age_ns / NS_PER_S)} old"
    how = f"{_how(request_trace.status)} {request_trace.served_by}{age}"
    return f"Latency {latency}, {how}. {longer} waited longer."


def _how(status: int) -> str:
    if status == 429:
        return "refused by"
    return "served by" if status < 400 else "an error from"
