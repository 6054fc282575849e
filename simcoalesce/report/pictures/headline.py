"""What a picture shows, in one line, computed from the rows that it shows."""

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import answered_ns, error_ns, percentile_s
from simcoalesce.outcomes import Outcomes, Role
from simcoalesce.report.blocks.number_format import (
    count,
    counted,
    duration,
    listed,
    share,
)
from simcoalesce.report.pictures.chart_context import ChartContext, clock_text
from simcoalesce.report.pictures.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.report.pictures.viewport import Viewport


def stampede_headline(outcomes: Outcomes, view: Viewport) -> str:
    """Return how long the door was open and how many of those who came passed it."""
    shown = len(view.shown)
    if not shown:
        return "No request arrived"
    calls = outcomes.origin_rows
    reached = len(np.unique(calls.request[view.calls]))
    refused = int(np.count_nonzero(calls.status[view.calls] == 429))
    told = _miss_window(view) + _reach(reached, shown)
    if refused:
        return f"{told}; it refuses {count(refused)}"
    rows = outcomes.request_rows
    waited = int(np.count_nonzero(rows.role[view.shown] == Role.FOLLOWER))
    if waited:
        verb = "wait" if waited != 1 else "waits"
        return (
            f"{told}; {count(waited)} {verb} for {'it' if reached == 1 else 'a fetch'}"
        )
    failed = int(
        np.count_nonzero(outcome_classes(rows)[view.shown] == OutcomeClass.FAILED)
    )
    return f"{told}; {count(failed)} fail" if failed else told


def _miss_window(view: Viewport) -> str:
    if view.window is None:
        return ""
    open_s = view.window.open_s
    return f"Door open for {duration(open_s)}: " if open_s else "No hit in sight: "


def _reach(reached: int, of: int) -> str:
    if not reached:
        return f"0 of {count(of)} requests reach the origin"
    verb = "reaches" if reached == 1 else "reach"
    return f"{count(reached)} of {counted(of, 'request')} {verb} the origin"


def subtitle(outcomes: Outcomes, view: Viewport, setting: ChartContext | None) -> str:
    """Return the circumstances: the scenario, and which part of its run is shown."""
    scenario = [] if setting is None else [setting.title or setting.name]
    return " · ".join([*scenario, *view_text(outcomes, view, setting)])


def view_text(
    outcomes: Outcomes, view: Viewport, setting: ChartContext | None
) -> list[str]:
    """Return which part of a run is shown, in parts of a line."""
    if not view.is_zoomed:
        return [str(view.focus)]
    has_clock = setting is not None and setting.starts_at is not None
    at = clock_text(setting, view.zero_ns, digits=0 if has_clock else 3)
    window = view.window
    if window is None:
        return [f"zoom on {view.focus}, at {at}"]
    place = _place(outcomes, window.key, window.location)
    if window.of == 1:
        return [f"zoom on the stampede, at {at}{place}"]
    zoom = (
        f"zoom on {view.focus}{'' if window.is_largest else ' that a cache hit ended'}"
    )
    return [zoom, f"number {window.number} of {window.of}, at {at}{place}"]


def _place(outcomes: Outcomes, key: int, location: int) -> str:
    where = []
    if len(outcomes.keys) > 1:
        where.append(f'key "{outcomes.keys[key]}"')
    if len(outcomes.locations) > 1:
        where.append(f"in {outcomes.locations[location]}")
    return "".join(f", {part}" for part in where)


def origin_headline(outcomes: Outcomes, setting: ChartContext | None) -> str:
    """Return what the origin had to take, and what it refused."""
    calls, requests = outcomes.origin_rows, len(outcomes.request_rows.request)
    received = len(calls.request)
    if not received:
        return f"No call reaches the origin: {counted(requests, 'request')} did without"
    is_refused = calls.status == 429
    refused = int(np.count_nonzero(is_refused))
    got = f"The origin gets {counted(received, 'call')}"
    if not refused:
        return f"{got} for {counted(requests, 'request')} and refuses none"
    first_ns = int(calls.called_at_ns[is_refused].min())
    before = int(np.count_nonzero(calls.called_at_ns[~is_refused] <= first_ns))
    at = clock_text(setting, first_ns, digits=0 if _is_long(outcomes) else 3)
    return (
        f"{got} and refuses {count(refused)} ({share(refused, received)}):"
        f" the first at {at}, after {count(before)} accepted"
    )


def _is_long(outcomes: Outcomes) -> bool:
    called_ns = outcomes.origin_rows.called_at_ns
    return int(called_ns.max() - called_ns.min()) > 10_000_000_000


def wait_headline(outcomes: Outcomes, view: Viewport) -> str:
    """Return what the requests in a view waited, by how they ended."""
    rows = outcomes.request_rows
    ending, wait_ns = outcome_classes(rows)[view.shown], rows.latency_ns[view.shown]
    told = []
    for kind, name in _GROUPS.items():
        of_kind = wait_ns[ending == kind]
        if len(of_kind):
            middle = duration(float(np.median(of_kind)) / 1e9)
            told.append(f"{middle} for {counted(len(of_kind), name)}")
    return f"Median wait {listed(told)}"


_GROUPS = {
    OutcomeClass.LEADER: "fetch",
    OutcomeClass.FOLLOWER: "follower",
    OutcomeClass.HIT: "cache hit",
    OutcomeClass.STALE: "stale hit",
    OutcomeClass.REFUSED: "refusal",
    OutcomeClass.FAILED: "failure",
}


def latency_headline(outcomes: Outcomes) -> str:
    """Return what the answered waited, and apart from them those with an error."""
    parts = [
        f"{name} {text}"
        for name, waits_ns in (
            ("answered requests wait", answered_ns(outcomes)),
            ("errors come after", error_ns(outcomes)),
        )
        if (text := _waits(waits_ns))
    ]
    told = "; ".join(parts)
    return told[:1].upper() + told[1:]


def _waits(waits_ns: NDArray[np.int64]) -> str:
    if not len(waits_ns):
        return ""
    median_s, p99_s = (percentile_s(waits_ns, percent) for percent in (50, 99))
    low, high = duration(int(waits_ns.min()) / 1e9), duration(int(waits_ns.max()) / 1e9)
    if median_s is None or p99_s is None:
        return low if low == high else f"{low} to {high}"
    middle, late = duration(median_s), duration(p99_s)
    if low == high:
        return low
    return (
        f"{middle} at p50 and p99"
        if middle == late
        else f"{middle} at p50, {late} at p99"
    )
