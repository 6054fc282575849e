"""A run over time: what came first, the calls, the misses, the waits or the errors?"""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.report.blocks.number_format import count, share, spaced_duration
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.scenario_text import rate_limits
from simcoalesce.report.drawing.axes import bars, panels
from simcoalesce.report.drawing.paint import INK, PAINTS, WINDOW, Paint
from simcoalesce.report.drawing.time_axis import TimeAxis
from simcoalesce.report.picture import Picture
from simcoalesce.report.rows.allowance import sustained_per_s
from simcoalesce.report.rows.bins import bin_edges_ns
from simcoalesce.report.rows.outcome_class import OutcomeClass
from simcoalesce.report.rows.over_time import (
    calls_per_s,
    errors_per_s,
    hit_ratios,
    percentiles_s,
)

_FEWEST_BINS: Final = 60
_LATE: Final = PAINTS[OutcomeClass.LEADER].edge
_CALLS: Final = (
    (PAINTS[OutcomeClass.LEADER], "calls"),
    (PAINTS[OutcomeClass.REFUSED], ""),
)
_ERRORS: Final = (
    (PAINTS[OutcomeClass.REFUSED], ""),
    (PAINTS[OutcomeClass.FAILED], ""),
)


class OverTime(Picture):
    """Calls against the limit, the hit ratio, latencies and errors, one below another.

    All share the time axis, which is of the whole run; what other pictures show near
    is shaded.
    """

    subject: ClassVar[type] = RunView
    axes_inches: ClassVar[tuple[float, float]] = (8.64, 1.25)

    @override
    def is_possible(self, subject: RunView) -> bool:
        return len(subject.outcomes.request_rows.request) > 0

    @override
    def headline(self, subject: RunView) -> str:
        outcomes, edges_ns = subject.outcomes, _edges_ns(subject)
        calls = calls_per_s(outcomes.origin_rows, edges_ns).sum(axis=0).max()
        told = f"The origin gets up to {count(round(float(calls), 1))} calls a second"
        ratios = hit_ratios(outcomes, edges_ns)
        if np.isfinite(ratios).any():
            least, most = float(np.nanmin(ratios)), float(np.nanmax(ratios))
            told += f"; between {share(least, 1)} and {share(most, 1)} are cache hits"
        errors = errors_per_s(outcomes, edges_ns).sum(axis=0).max()
        return (
            f"{told}; up to {count(float(errors))} errors a second" if errors else told
        )

    @override
    def subtitle(self, subject: RunView) -> str:
        edges_ns = _edges_ns(subject)
        width = spaced_duration(int(edges_ns[1] - edges_ns[0]))
        near = subject.stampede
        shaded = f" · shaded: {near.focus}" if near.is_zoomed else ""
        return f"{subject.subtitle(subject.whole)} · each step {width}{shaded}"

    @override
    def draw(self, subject: RunView, ax: Any) -> None:
        outcomes, edges_ns = subject.outcomes, _edges_ns(subject)
        errors = errors_per_s(outcomes, edges_ns)
        axis = TimeAxis.of(subject, subject.whole)
        every = panels(ax, 4 if errors.any() else 3)
        axis.apply(every[-1])
        ax.set_xlabel("")
        for panel in every:
            _shade(panel, subject, axis)
        x = axis.at(edges_ns)
        _bars(ax, x, calls_per_s(outcomes.origin_rows, edges_ns), _CALLS)
        _limits(ax, subject)
        ax.set_ylabel("calls/s")
        _ratio(every[1], x, hit_ratios(outcomes, edges_ns))
        _latencies(every[2], ax, subject, x, edges_ns)
        if errors.any():
            _bars(every[3], x, errors, _ERRORS)
            every[3].set_ylabel("errors/s")
            failed = PAINTS[OutcomeClass.FAILED]
            if errors[1].any():
                _bars(ax, x, 0 * errors[1:], ((failed, failed.label),), named=True)


def _edges_ns(run: RunView) -> NDArray[np.int64]:
    return bin_edges_ns(run.whole, _FEWEST_BINS)


def _shade(ax: Any, run: RunView, axis: TimeAxis) -> None:
    if run.stampede.is_zoomed:
        ends_ns = [run.stampede.start_ns, run.stampede.end_ns]
        left, right = axis.at(ends_ns).tolist()
        ax.axvspan(left, right, color=WINDOW, zorder=0, linewidth=0)


def _bars(
    ax: Any,
    x: NDArray[np.float64],
    rates: NDArray[np.float64],
    paints: tuple[tuple[Paint, str], ...],
    *,
    named: bool = False,
) -> None:
    """Stack rates of bins, and have room above the highest."""
    below = np.zeros(rates.shape[1])
    for (paint, label), heights in zip(paints, rates, strict=True):
        if not (heights.any() or named):
            continue
        bars(
            ax,
            x[:-1],
            below,
            width=np.diff(x),
            height=heights,
            facecolor=paint.colour,
            label=label or (paint.label if ax.get_ylabel() == "" else "_"),
        )
        below = below + heights
    if not named:
        ax.set_ylim(0, 1.12 * max(float(below.max()), 1e-9))
        ax.yaxis.set_major_formatter(lambda rate, _: f"{rate:,.6g}")


def _limits(ax: Any, run: RunView) -> None:
    """Draw what each limit lets through in the long run, if that is in sight."""
    for limit in rate_limits(run.scenario):
        per_s = sustained_per_s(limit)
        top = ax.get_ylim()[1]
        if per_s is None or not limit.counts_all or per_s > 3 * top:
            continue
        label = f"limit in the long run  {count(per_s)}/s"
        ax.axhline(per_s, color=INK, linestyle=(0, (5, 2)), linewidth=1.2, label=label)
        ax.set_ylim(0, max(top, 1.12 * per_s))


def _ratio(ax: Any, x: NDArray[np.float64], ratios: NDArray[np.float64]) -> None:
    colour = PAINTS[OutcomeClass.HIT].edge
    ax.stairs(ratios, x, baseline=None, color=colour, linewidth=1.5)
    ax.set_ylim(0, 1.04)
    ax.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    ax.set_ylabel("hit ratio")


def _latencies(
    ax: Any,
    top: Any,
    run: RunView,
    x: NDArray[np.float64],
    edges_ns: NDArray[np.int64],
) -> None:
    """Draw p50 and p99 where answers are enough; their legend is that of the top."""
    ax.set_yscale("log")
    lines = ((50, PAINTS[OutcomeClass.HIT].edge, "-"), (99, _LATE, (0, (3, 1))))
    for percent, colour, style in lines:
        found_ms = 1e3 * percentiles_s(run.outcomes, percent, edges_ns)
        line: dict[str, Any] = {"color": colour, "linewidth": 1.6, "linestyle": style}
        if np.isfinite(found_ms).any():
            positive_ms = np.maximum(found_ms, 1e-2)
            ax.stairs(positive_ms, x, baseline=None, **line)
            top.plot([], [], label=f"p{percent} of answers", **line)
    ax.yaxis.set_major_formatter(lambda ms, _: f"{ms:,.10g}")
    ax.set_ylabel("latency in ms")
