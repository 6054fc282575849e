"""A sweep of many parameters: which one moves the metric most?"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from typing_extensions import override

from simcoalesce.experiment.sweeps.sensitivity import Sensitivity, sensitivities
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import SweepView
from simcoalesce.report.drawing.axes import empty, horizontal
from simcoalesce.report.drawing.paint import INK, LINE
from simcoalesce.report.panels.row_chart import ChartRow, row_chart
from simcoalesce.report.picture import Picture

_BAR: Final = "#c96a3b"
_MOST_BARS: Final = 20
_ROOM: Final = 0.26
"""For the texts at the ends, as a share of the longest bar."""
_OF_WHAT: Final = {
    "oat": "one parameter at a time",
    "grid": "means over all others' values",
}


class Tornado(Picture):
    """A bar for each parameter from the least to the greatest mean, the longest on top.

    At its ends stand the parameter's values there; lines at the scenario as it is, if
    that is one of the points, and at the goal.
    """

    subject: ClassVar[type] = SweepView

    @override
    def is_possible(self, subject: SweepView) -> bool:
        return len(subject.plan.axes) > 1 and not subject.is_grid

    @override
    def size_inches(self, subject: SweepView) -> tuple[float, float]:
        return 6.72, 0.6 * (1.8 + 0.55 * max(len(_shown(subject)), 2))

    @override
    def headline(self, subject: SweepView) -> str:
        found = _shown(subject)
        if not found or found[0].low == found[0].high:
            return f"No parameter moves {subject.metric}"
        low, high = subject.value(found[0].low), subject.value(found[0].high)
        return f"{found[0].key} moves {subject.metric} most: from {low} to {high}"

    @override
    def subtitle(self, subject: SweepView) -> str:
        plan = subject.plan
        how = _OF_WHAT.get(plan.sample, "means of the lower and the upper half")
        parts = [
            f"{plan.scenario.label}: {subject.metric}",
            f"{counted(len(plan.points), 'point')}, {how}",
            f"{counted(plan.replications, 'run')} each",
        ]
        return " · ".join(parts)

    @override
    def series(self, subject: SweepView) -> Sequence[Mapping[str, Any]]:
        found = _shown(subject)
        if not found:
            return ()
        now, limits = _marked(subject, found)
        named = {f"goal: {subject.goal}": limit for limit in limits[:1]}
        if now is not None:
            named[f"the scenario as it is: {subject.value(now)}"] = now
        every = [
            *named.values(),
            *(end for one in found for end in (one.low, one.high)),
        ]
        rows = [_row(subject, one) for one in found]
        return row_chart(rows, (min(every), max(every)), named)

    @override
    def draw(self, subject: SweepView, ax: Any) -> None:
        found = _shown(subject)
        if found:
            _bars(subject, found, ax)
            _lines(subject, found, ax)
        else:
            empty(ax, "no point has this number")


def _shown(view: SweepView) -> list[Sensitivity]:
    return sensitivities(view.sweep, view.metric)[:_MOST_BARS]


def _bars(view: SweepView, found: Sequence[Sensitivity], ax: Any) -> None:
    lows, spans = [one.low for one in found], [one.high - one.low for one in found]
    ax.barh(range(len(found)), spans, left=lows, height=0.56, color=_BAR, zorder=2)
    horizontal(ax, [one.key for one in found])
    # No tick below zero where nothing is.
    least = min(0.0, *lows)
    ax.xaxis.set_major_formatter(lambda x, _: "" if x < least else view.value(x))
    for row, one in enumerate(found):
        if one.low == one.high:
            _end(ax, (one.high, row), "no effect", side=1)
            continue
        _end(ax, (one.low, row), f"{one.low_at}: {view.value(one.low)}", side=-1)
        _end(ax, (one.high, row), f"{one.high_at}: {view.value(one.high)}", side=1)


def _end(ax: Any, at: tuple[float, float], text: str, *, side: int) -> None:
    ax.annotate(
        text,
        at,
        (4 * side, 0),
        textcoords="offset points",
        ha="right" if side < 0 else "left",
        va="center",
        fontsize=8.5,
        zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )


def _row(view: SweepView, one: Sensitivity) -> ChartRow:
    if one.low == one.high:
        return ChartRow(one.key, "no effect")
    low, high = view.value(one.low), view.value(one.high)
    note = f"at {one.low_at} and {one.high_at}"
    bar = (one.low, one.high)
    return ChartRow(one.key, f"{low} to {high}", note, bar=bar, colour=_BAR)


def _marked(
    view: SweepView, found: Sequence[Sensitivity]
) -> tuple[float | None, list[float]]:
    """Return the metric as it is now, and the goals that are not too far off."""
    low, high = min(one.low for one in found), max(one.high for one in found)
    span = (high - low) or abs(high) or 1.0
    baseline = next(filter(view.is_baseline, view.indices), None)
    now = None if baseline is None else view.mean(baseline)
    return now, [one for one in view.limits if low - span <= one <= high + span]


def _lines(view: SweepView, found: Sequence[Sensitivity], ax: Any) -> None:
    """Draw what is now and what is wanted, and leave room for the texts."""
    low, high = min(one.low for one in found), max(one.high for one in found)
    span = (high - low) or abs(high) or 1.0
    now, limits = _marked(view, found)
    if now is not None:
        label = f"the scenario as it is: {view.value(now)}"
        ax.axvline(now, color=INK, linewidth=1.2, label=label, zorder=3)
    for limit in limits:
        style = {"color": LINE, "linewidth": 1.6, "linestyle": (0, (4, 2))}
        label = f"goal: {view.goal}" if limit == limits[0] else "_"
        ax.axvline(limit, label=label, zorder=3, **style)
        low, high = min(low, limit), max(high, limit)
    ax.set_xlim(low - _ROOM * span, high + _ROOM * span)
