"""Arrivals over time, by how they ended: when was the door open, and who met it?"""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.number_format import count, duration, spaced_duration
from simcoalesce.report.pictures.bins import bin_edges_ns, binned
from simcoalesce.report.pictures.chart import Chart, empty, headline
from simcoalesce.report.pictures.chart_context import ChartContext, clock_text
from simcoalesce.report.pictures.headline import stampede_headline, subtitle
from simcoalesce.report.pictures.outcome_class import (
    PAINTS,
    OutcomeClass,
    outcome_classes,
)
from simcoalesce.report.pictures.stampede_window import PicturedStampede
from simcoalesce.report.pictures.time_axis import TimeAxis
from simcoalesce.report.pictures.viewport import Viewport, largest_stampede, whole_run
from simcoalesce.units import NS_PER_S


class ArrivalsByOutcome(Chart):
    """Stacked bars of arrivals, the miss window shaded."""

    question: ClassVar[str] = "When was the door open, and what became of who came?"

    kind: Literal["arrivals_by_outcome"] = "arrivals_by_outcome"

    @override
    def is_possible(self, outcomes: Outcomes) -> bool:
        return True

    @override
    def draw(self, outcomes: Outcomes, setting: ChartContext | None, ax: Any) -> None:
        view = largest_stampede(outcomes)
        if len(outcomes.request_rows.request):
            axis = TimeAxis.of(view, setting)
            axis.apply(ax)
            _bars(ax, outcomes, view, axis)
            _miss_window(ax, outcomes, view, axis)
        else:
            empty(ax, "no request arrived")
        if view.is_zoomed:
            _strip(ax, outcomes, view, setting)
        headline(
            ax, stampede_headline(outcomes, view), subtitle(outcomes, view, setting)
        )


def _bars(ax: Any, outcomes: Outcomes, view: Viewport, axis: TimeAxis) -> None:
    edges_ns = bin_edges_ns(view)
    highest = _stacked(ax, outcomes, view.shown, edges_ns, axis)
    ax.set_ylabel(f"requests per {spaced_duration(int(edges_ns[1] - edges_ns[0]))}")
    ax.set_ylim(0, 1.3 * highest)
    ax.yaxis.get_major_locator().set_params(integer=True)
    ax.yaxis.set_major_formatter(lambda y, _: f"{y:,.0f}")


def _stacked(
    ax: Any,
    outcomes: Outcomes,
    shown: NDArray[np.int64],
    edges_ns: NDArray[np.int64],
    axis: TimeAxis,
) -> int:
    """Stack bars of arrivals by ending; return the height of the highest."""
    rows, ending = outcomes.request_rows, outcome_classes(outcomes.request_rows)[shown]
    counts = binned(rows.arrived_at_ns[shown], ending, list(OutcomeClass), edges_ns)
    left = axis.at(edges_ns)
    below = np.zeros(counts.shape[1], dtype=np.int64)
    for kind, in_bins in zip(OutcomeClass, counts, strict=True):
        some = np.flatnonzero(in_bins)
        if not len(some):
            continue
        paint = PAINTS[kind]
        ax.bar(
            left[some],
            in_bins[some],
            0.92 * (left[1] - left[0]),
            below[some],
            align="edge",
            color=paint.colour,
            edgecolor=paint.edge,
            linewidth=0,
            hatch=paint.hatch,
            label=f"{paint.label}  {count(int(in_bins.sum()))}",
        )
        below = below + in_bins
    return max(int(below.max()), 1)


def _miss_window(ax: Any, outcomes: Outcomes, view: Viewport, axis: TimeAxis) -> None:
    """Shade the miss window; name the first answer of the origin and the first hit."""
    window = view.window
    if window is None:
        return
    closes_ns = window.closed_at_ns or window.answered_at_ns
    left, right = axis.at([window.opened_at_ns, min(closes_ns, view.end_ns)]).tolist()
    ax.axvspan(left, right, color="#f6ecd9", zorder=0, linewidth=0)
    answered_ns = _first_answer_ns(outcomes, view, window)
    if answered_ns is not None:
        _mark(ax, axis, window, answered_ns, is_hit=False)
    if window.closed_at_ns is not None:
        _mark(ax, axis, window, window.closed_at_ns, is_hit=True)


def _first_answer_ns(
    outcomes: Outcomes, view: Viewport, window: PicturedStampede
) -> int | None:
    calls = outcomes.origin_rows
    near = view.calls[calls.key[view.calls] == window.key]
    done_ns = calls.completed_at_ns[near[calls.status[near] < 400]]
    done_ns = done_ns[(done_ns >= window.opened_at_ns) & (done_ns < view.end_ns)]
    return int(done_ns.min()) if len(done_ns) else None


def _mark(
    ax: Any, axis: TimeAxis, window: PicturedStampede, at_ns: int, *, is_hit: bool
) -> None:
    """Mark the first cache hit, or one row lower the first answer of the origin."""
    view, x = axis.view, float(axis.at(at_ns))
    after = duration((at_ns - window.opened_at_ns) / NS_PER_S)
    # The answer's text stands left of its line if it fits there, away from the hit's.
    is_left = at_ns - view.start_ns > (0.7 if is_hit else 0.27) * view.span_ns
    ax.axvline(x, color="#222222", linewidth=0.9, linestyle="-" if is_hit else "--")
    ax.annotate(
        f"first {'cache hit' if is_hit else 'origin answer'}, after {after}",
        (x, 0.965 if is_hit else 0.89),
        (-5 if is_left else 5, 0),
        xycoords=ax.get_xaxis_transform(),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center",
        fontsize=9,
        bbox={"facecolor": "#fbf7ef" if is_left else "white", "linewidth": 0, "pad": 1},
    )


def _strip(
    ax: Any, outcomes: Outcomes, view: Viewport, setting: ChartContext | None
) -> None:
    """Draw the whole run in small below, and mark what is shown above."""
    run = whole_run(outcomes)
    strip = ax.inset_axes((0, -0.36, 1, 0.13))
    axis = TimeAxis.of(run, setting)
    axis.apply(strip)
    edges_ns = bin_edges_ns(run, fewest=120)
    every = np.arange(len(outcomes.request_rows.request))
    strip.set_ylim(0, 1.6 * _stacked(strip, outcomes, every, edges_ns, axis))
    strip.plot(
        float(axis.at(view.zero_ns)),
        0.86,
        "v",
        color="#222222",
        markersize=5,
        transform=strip.get_xaxis_transform(),
        clip_on=False,
    )
    strip.set_yticks([])
    strip.spines["left"].set_visible(False)
    strip.grid(visible=False)
    ends = f"{clock_text(setting, run.start_ns)} to {clock_text(setting, run.end_ns)}"
    total = count(len(every))
    strip.set_xlabel(
        f"the whole run: {total} requests, {ends}; above: the part at the mark"
    )
