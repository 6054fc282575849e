"""Arrivals over time, by outcome: how long was the miss window, and who was in it?"""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.outcomes import Role
from simcoalesce.report.blocks.number_format import (
    count,
    counted,
    duration,
    spaced_duration,
)
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.drawing.axes import bars, count_axis, empty
from simcoalesce.report.drawing.paint import INK, PAINTS, WINDOW, WINDOW_LIGHT
from simcoalesce.report.drawing.time_axis import TimeAxis
from simcoalesce.report.panels.run_charts import Charts, arrivals_charts
from simcoalesce.report.picture import Picture
from simcoalesce.report.rows.bins import bin_edges_ns, binned
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.report.rows.stampede_window import PicturedStampede
from simcoalesce.units import NS_PER_S


class ArrivalsByOutcome(Picture):
    """Stacked bars of arrivals, the miss window shaded."""

    subject: ClassVar[type] = RunView

    @override
    def headline(self, subject: RunView) -> str:
        rows, calls = subject.outcomes.request_rows, subject.outcomes.origin_rows
        shown, near = subject.stampede.shown, subject.stampede.calls
        if not len(shown):
            return "No request arrived"
        reached = len(np.unique(calls.request[near]))
        told = _window(subject) + _reach(reached, len(shown))
        if refused := int(np.count_nonzero(calls.status[near] == 429)):
            return f"{told}; it refuses {count(refused)}"
        if waited := int(np.count_nonzero(rows.role[shown] == Role.FOLLOWER)):
            verb = "wait" if waited != 1 else "waits"
            what = "it" if reached == 1 else "a fetch"
            return f"{told}; {count(waited)} {verb} for {what}"
        is_failed = outcome_classes(rows)[shown] == OutcomeClass.FAILED
        failed = int(np.count_nonzero(is_failed))
        return f"{told}; {count(failed)} fail" if failed else told

    @override
    def subtitle(self, subject: RunView) -> str:
        return subject.subtitle(subject.stampede)

    @override
    def series(self, subject: RunView) -> Charts:
        window = subject.stampede.window
        return arrivals_charts(subject, _first_answer_ns(subject, window))

    @override
    def draw(self, subject: RunView, ax: Any) -> None:
        if not len(subject.outcomes.request_rows.request):
            empty(ax, "no request arrived")
            return
        axis = TimeAxis.of(subject, subject.stampede)
        axis.apply(ax)
        edges_ns = bin_edges_ns(subject.stampede)
        width = spaced_duration(int(edges_ns[1] - edges_ns[0]))
        ax.set_ylabel(f"requests per {width}")
        highest = _stacked(ax, subject, subject.stampede.shown, edges_ns, axis)
        ax.set_ylim(0, 1.3 * highest)
        count_axis(ax.yaxis)
        _miss_window(ax, subject, axis)
        if subject.stampede.is_zoomed:
            _strip(ax, subject)


def _window(run: RunView) -> str:
    window = run.stampede.window
    if window is None:
        return ""
    if not window.open_s:
        return "No hit in sight: "
    return f"Miss window of {duration(window.open_s)}: "


def _reach(reached: int, of: int) -> str:
    if not reached:
        return f"0 of {count(of)} requests reach the origin"
    verb = "reaches" if reached == 1 else "reach"
    return f"{count(reached)} of {counted(of, 'request')} {verb} the origin"


def _stacked(
    ax: Any,
    run: RunView,
    shown: NDArray[np.int64],
    edges_ns: NDArray[np.int64],
    axis: TimeAxis,
) -> int:
    """Stack bars of arrivals by outcome; return the height of the highest."""
    rows = run.outcomes.request_rows
    classes = outcome_classes(rows)[shown]
    counts = binned(rows.arrived_at_ns[shown], classes, list(OutcomeClass), edges_ns)
    left = axis.at(edges_ns)
    below = np.zeros(counts.shape[1], dtype=np.int64)
    for kind, in_bins in zip(OutcomeClass, counts, strict=True):
        some = np.flatnonzero(in_bins)
        if not len(some):
            continue
        paint = PAINTS[kind]
        bars(
            ax,
            left[some],
            below[some],
            width=0.92 * (left[1] - left[0]),
            height=in_bins[some],
            facecolor=paint.colour,
            edgecolor=paint.edge,
            hatch=paint.hatch,
            label=f"{paint.label}  {count(int(in_bins.sum()))}",
        )
        below = below + in_bins
    return max(int(below.max()), 1)


def _miss_window(ax: Any, run: RunView, axis: TimeAxis) -> None:
    """Shade the miss window; name the first answer of the origin and the first hit."""
    window = run.stampede.window
    if window is None:
        return
    closes_ns = window.closed_at_ns or window.answered_at_ns
    ends_ns = [window.opened_at_ns, min(closes_ns, run.stampede.end_ns)]
    left, right = axis.at(ends_ns).tolist()
    ax.axvspan(left, right, color=WINDOW, zorder=0, linewidth=0)
    answered_ns = _first_answer_ns(run, window)
    if answered_ns is not None:
        _mark(ax, axis, window, answered_ns, is_hit=False)
    if window.closed_at_ns is not None:
        _mark(ax, axis, window, window.closed_at_ns, is_hit=True)


def _first_answer_ns(run: RunView, window: PicturedStampede | None) -> int | None:
    if window is None:
        return None
    calls, near = run.outcomes.origin_rows, run.stampede.calls
    near = near[calls.key[near] == window.key]
    done_ns = calls.completed_at_ns[near[calls.status[near] < 400]]
    is_shown = (done_ns >= window.opened_at_ns) & (done_ns < run.stampede.end_ns)
    return int(done_ns[is_shown].min()) if is_shown.any() else None


def _mark(
    ax: Any, axis: TimeAxis, window: PicturedStampede, at_ns: int, *, is_hit: bool
) -> None:
    """Mark the first cache hit, or one row lower the first answer of the origin."""
    viewport, x = axis.viewport, float(axis.at(at_ns))
    after = duration((at_ns - window.opened_at_ns) / NS_PER_S)
    # The answer's text stands left of its line if it fits there, away from the hit's.
    span_ns = (0.7 if is_hit else 0.27) * viewport.span_ns
    is_left = at_ns - viewport.start_ns > span_ns
    ax.axvline(x, color=INK, linewidth=0.9, linestyle="-" if is_hit else "--")
    ground = WINDOW_LIGHT if is_left else "white"
    ax.annotate(
        f"first {'cache hit' if is_hit else 'origin answer'}, after {after}",
        (x, 0.965 if is_hit else 0.89),
        (-5 if is_left else 5, 0),
        xycoords=ax.get_xaxis_transform(),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center",
        fontsize=9,
        bbox={"facecolor": ground, "linewidth": 0, "pad": 1},
    )


def _strip(ax: Any, run: RunView) -> None:
    """Draw the whole run in small below, and mark what is shown above."""
    strip = ax.inset_axes((0, -0.36, 1, 0.13))
    axis = TimeAxis.of(run, run.whole)
    axis.apply(strip)
    edges_ns = bin_edges_ns(run.whole, fewest=120)
    every = np.arange(len(run.outcomes.request_rows.request))
    highest = _stacked(strip, run, every, edges_ns, axis)
    strip.set_ylim(0, 1.6 * highest)
    strip.plot(
        float(axis.at(run.stampede.zero_ns)),
        0.86,
        "v",
        color=INK,
        markersize=5,
        transform=strip.get_xaxis_transform(),
        clip_on=False,
    )
    strip.set_yticks([])
    strip.spines["left"].set_visible(False)
    strip.grid(visible=False)
    ends = f"{run.clock(run.whole.start_ns)} to {run.clock(run.whole.end_ns)}"
    total = count(len(every))
    strip.set_xlabel(
        f"the whole run: {total} requests, {ends}; above: the part at the mark"
    )
