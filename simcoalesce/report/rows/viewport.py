"""What part of a run a picture shows: all of it, or where something happens."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.report.rows.busiest import busiest_span_ns
from simcoalesce.report.rows.stampede_window import PicturedStampede, largest_window

_BRIEFEST_NS: Final = 1_000_000
_LONG: Final = 100
"""A view of more median latencies than this shows none of them."""


class Focus(StrEnum):
    """What a view shows, in words."""

    WHOLE = "the whole run"
    STAMPEDE = "the largest stampede"
    REFUSALS = "the first refusals"
    WAIT = "the longest wait"
    MOST_REFUSALS = "the time with most refusals"
    MOST_MISSES = "the time with most misses"


def _none() -> NDArray[np.int64]:
    return np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Viewport:
    """The part of a run that a picture shows.

    Attributes:
        focus: What it shows.
        start_ns: Its left end, in nanoseconds from the start of the run.
        end_ns: Its right end, excluded.
        zero_ns: The instant that its axis counts from.
        shown: Which requests are in it, as indices of request rows.
        calls: Which calls are in it, as indices of origin rows.
        window: The largest stampede, if it is in the view.
    """

    focus: Focus
    start_ns: int
    end_ns: int
    zero_ns: int
    shown: NDArray[np.int64] = field(default_factory=_none)
    calls: NDArray[np.int64] = field(default_factory=_none)
    window: PicturedStampede | None = None

    @property
    def is_zoomed(self) -> bool:
        """Whether there is more in the run than is shown."""
        return self.focus is not Focus.WHOLE

    @property
    def span_ns(self) -> int:
        """How much time it shows."""
        return self.end_ns - self.start_ns


def whole_run(outcomes: Outcomes) -> Viewport:
    """Return the view of everything from the first arrival to the last answer."""
    requests, calls = outcomes.request_rows, outcomes.origin_rows
    starts = (requests.arrived_at_ns, calls.called_at_ns)
    ends = (requests.completed_at_ns, calls.completed_at_ns)
    start_ns = min((int(column.min()) for column in starts if len(column)), default=0)
    end_ns = max((int(column.max()) for column in ends if len(column)), default=0) + 1
    end_ns = max(end_ns, start_ns + _BRIEFEST_NS)
    return Viewport(
        focus=Focus.WHOLE,
        start_ns=start_ns,
        end_ns=end_ns,
        zero_ns=0 if start_ns <= end_ns - start_ns else start_ns,
        shown=np.arange(len(requests.request)),
        calls=np.arange(len(calls.request)),
        window=largest_window(outcomes),
    )


def largest_stampede(outcomes: Outcomes) -> Viewport:
    """Return the view of the largest stampede: its key, at its location.

    Where no single stampede tells what happened, as with many keys, it is the time
    with most refusals, else most misses; the whole run if nothing of it stands out.
    """
    whole, rows = whole_run(outcomes), outcomes.request_rows
    window = whole.window
    if window is None:
        return _busiest(outcomes, whole)
    opened_ns, closed_ns = window.opened_at_ns, window.closed_at_ns or 0
    # What comes after the window is shown for as long as the window was open.
    last_ns = max(closed_ns + closed_ns - opened_ns, window.answered_at_ns)
    margin_ns = max(last_ns - opened_ns, _BRIEFEST_NS) // 16
    start_ns = max(whole.start_ns, opened_ns - margin_ns)
    end_ns = min(whole.end_ns, last_ns + margin_ns)
    is_shown = (rows.key == window.key) & (rows.location == window.location)
    is_shown &= (rows.arrived_at_ns >= start_ns) & (rows.arrived_at_ns < end_ns)
    near = Viewport(Focus.STAMPEDE, start_ns, end_ns, opened_ns, window=window)
    return _zoomed(outcomes, whole, near, is_shown)


def _busiest(outcomes: Outcomes, whole: Viewport) -> Viewport:
    """Return the view of the time with most refusals, else with most misses."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    happened = {
        Focus.MOST_REFUSALS: calls.called_at_ns[calls.status == 429],
        Focus.MOST_MISSES: rows.arrived_at_ns[rows.lookup == int(Lookup.MISS)],
    }
    for focus, at_ns in happened.items():
        span_ns = busiest_span_ns(at_ns, whole.start_ns, whole.end_ns)
        if span_ns is None:
            continue
        begin_ns, until_ns = span_ns
        margin_ns = (until_ns - begin_ns) // 2
        start_ns = max(whole.start_ns, begin_ns - margin_ns)
        end_ns = min(whole.end_ns, until_ns + margin_ns)
        is_shown = (rows.arrived_at_ns >= start_ns) & (rows.arrived_at_ns < end_ns)
        near = Viewport(focus, start_ns, end_ns, max(begin_ns, whole.start_ns))
        return _zoomed(outcomes, whole, near, is_shown)
    return whole


def longest_wait(outcomes: Outcomes) -> Viewport:
    """Return the view of the requests around the one that waited longest.

    It is the whole run if a wait can be seen in it.
    """
    whole, rows = whole_run(outcomes), outcomes.request_rows
    latency_ns = rows.latency_ns
    if not len(latency_ns) or whole.span_ns <= _LONG * np.median(latency_ns):
        return whole
    longest = int(np.argmax(latency_ns))
    wait_ns = max(int(latency_ns[longest]), _BRIEFEST_NS)
    arrived_ns = int(rows.arrived_at_ns[longest])
    start_ns, end_ns = arrived_ns - wait_ns // 2, arrived_ns + 2 * wait_ns
    is_shown = (rows.completed_at_ns > start_ns) & (rows.arrived_at_ns < end_ns)
    near = Viewport(Focus.WAIT, start_ns, end_ns, arrived_ns)
    return _zoomed(outcomes, whole, near, is_shown)


def _zoomed(
    outcomes: Outcomes, whole: Viewport, near: Viewport, is_shown: NDArray[np.bool_]
) -> Viewport:
    """Return a part with its requests and their calls, or the whole if it is most."""
    if 2 * near.span_ns > whole.span_ns:
        return whole
    calls, requests = outcomes.origin_rows, outcomes.request_rows.request
    is_near = (calls.called_at_ns >= near.start_ns) & (calls.called_at_ns < near.end_ns)
    is_near &= np.isin(calls.request, requests[is_shown])
    shown, of_them = np.flatnonzero(is_shown), np.flatnonzero(is_near)
    return replace(near, shown=shown, calls=of_them)


def first_refusals(outcomes: Outcomes) -> Viewport | None:
    """Return the view of the burst of calls in which the first refusal falls.

    None if the origin refused nothing, or if that burst is most of the run.
    """
    calls, whole = outcomes.origin_rows, whole_run(outcomes)
    order = np.argsort(calls.called_at_ns, kind="stable")
    at_ns, refused = calls.called_at_ns[order], calls.status[order] == 429
    if not refused.any():
        return None
    # The bursts lie between silences.
    starts = np.flatnonzero(
        np.diff(at_ns, prepend=-whole.span_ns) > whole.span_ns // 50
    )
    burst = int(np.searchsorted(starts, np.argmax(refused), side="right")) - 1
    first, end = np.append(starts, len(order))[burst : burst + 2].tolist()
    start_ns, last_ns = int(at_ns[first]), int(at_ns[end - 1])
    span_ns = max(last_ns - start_ns, _BRIEFEST_NS)
    if 4 * span_ns > whole.span_ns:
        return None
    begin_ns = max(start_ns - span_ns // 16, whole.start_ns)
    end_ns = last_ns + span_ns // 16 + 1
    return Viewport(Focus.REFUSALS, begin_ns, end_ns, start_ns, calls=order[first:end])
