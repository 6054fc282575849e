"""The life of one request, in lines."""

from collections.abc import Iterator
from operator import itemgetter

from simcoalesce.explain.life import Life
from simcoalesce.outcomes import NEVER, Lookup, Role
from simcoalesce.report.setting import Setting, clock_text
from simcoalesce.report.wording import count, counted, duration
from simcoalesce.units import NS_PER_S

_LOOKUPS = {
    Lookup.HIT: "It found the value in a cache.",
    Lookup.STALE: "It was served an expired value.",
}


def life_text(life: Life, setting: Setting | None) -> str:
    """Return what one request met, as lines without an end of line at the end.

    Args:
        life: The request.
        setting: The scenario, for the clock.
    """
    rows = list(_rows(life))
    clocks = [clock_text(setting, at_ns, digits=3) for at_ns, _ in rows]
    place = f"{life.location}, isolate {life.isolate}"
    lines = [f"Request {life.request:,} · key {life.key} · {place}"]
    for clock, (at_ns, told) in zip(clocks, rows, strict=True):
        since = duration((at_ns - life.arrived_at_ns) / NS_PER_S)
        lines.append(f"  {clock}  {since:>8}  {told}")
    return "\n".join([*lines, _ending(life)])


def _rows(life: Life) -> Iterator[tuple[int, str]]:
    """Yield what happened to it, in the order of time."""
    steps = [*_beginning(life), *_calls(life), (life.completed_at_ns, _end(life))]
    yield from sorted(steps, key=itemgetter(0))


def _beginning(life: Life) -> Iterator[tuple[int, str]]:
    yield life.arrived_at_ns, "It arrives."
    if life.lookup != Lookup.MISS:
        return
    before = counted(life.earlier_misses, "request")
    as_others = f", as {before} of this window before it" if life.earlier_misses else ""
    yield life.arrived_at_ns, f"It misses{as_others or ', as the first of its window'}."
    if life.role == Role.FOLLOWER:
        yield life.arrived_at_ns, "It shares the fetch of another request."


def _end(life: Life) -> str:
    if life.lookup != Lookup.MISS:
        return _LOOKUPS[life.lookup]
    last = "It has its answer" if life.status < 400 else "It gets an error"
    return f"{last}: {life.status}."


def _calls(life: Life) -> Iterator[tuple[int, str]]:
    is_served = life.lookup != Lookup.MISS
    asks = "The value is fetched anew" if is_served else "It asks the origin"
    later_ns = [call.called_at_ns for call in life.calls[1:]] + [life.completed_at_ns]
    for call, next_ns in zip(life.calls, later_ns, strict=False):
        are = "is" if call.in_flight <= 1 else "are"
        other = f"{counted(call.in_flight, 'call')} for the same key {are} under way"
        if not call.in_flight:
            other = "no other call for the same key is under way"
        yield call.called_at_ns, f"{asks}, where {other}."
        # Who asked again by then, or is gone, had stopped waiting.
        is_late = call.completed_at_ns > next_ns and not is_served
        late = ", too late for it" if is_late else ""
        yield call.completed_at_ns, f"The origin answers {call.status}{late}."


def _ending(life: Life) -> str:
    latency = duration((life.completed_at_ns - life.arrived_at_ns) / NS_PER_S)
    longer = "none" if not life.rank else count(life.rank)
    age = "" if life.age_ns == NEVER else f", {duration(life.age_ns / NS_PER_S)} old"
    return (
        f"It waited for {latency}, served by {life.served_by}{age};"
        f" {longer} waited longer."
    )
