"""A sweep of one parameter: how does the metric follow it, and where are we?"""

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any, ClassVar, Final

from typing_extensions import override

from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_line import (
    band,
    baseline_position,
    has_log_scale,
    has_scale,
    ordered,
    positions,
    range_shown,
)
from simcoalesce.report.blocks.sweep_view import BASELINE, SweepView, sweep_sentence
from simcoalesce.report.drawing.axes import empty
from simcoalesce.report.drawing.paint import INK, LINE
from simcoalesce.report.panels.sweep_charts import sweep_charts
from simcoalesce.report.picture import Picture

_COLOUR: Final = "#c96a3b"
_BAND: Final = "#f0cdb4"
_NAME_CHARACTERS: Final = 24
_NEAREST: Final = 0.06
"""Of two names below the axis, as a share of its length."""


class SweepLine(Picture):
    """The mean at each value, with the band of its 95 % intervals.

    A dashed line is the goal, an upright one where the scenario is now; a full marker
    is a point whose whole interval meets the goal.
    """

    subject: ClassVar[type] = SweepView
    axes_inches: ClassVar[tuple[float, float]] = (6.9, 3.2)

    @override
    def is_possible(self, subject: SweepView) -> bool:
        return len(subject.plan.axes) == 1

    @override
    def headline(self, subject: SweepView) -> str:
        return sweep_sentence(subject).removesuffix(".")

    @override
    def subtitle(self, subject: SweepView) -> str:
        runs = counted(subject.plan.replications, "run")
        parts = [f"{subject.plan.scenario.label}: {subject.metric}, mean of {runs}"]
        if subject.plan.replications > 1:
            parts.append("95 % interval of the mean at each value")
        if any(map(subject.meets_goal, subject.indices)):
            parts.append("full marker: the whole interval meets the goal")
        return " · ".join(parts)

    @override
    def series(self, subject: SweepView) -> Sequence[Mapping[str, Any]]:
        return sweep_charts(subject)

    @override
    def draw(self, subject: SweepView, ax: Any) -> None:
        drawn = [i for i in ordered(subject) if band(subject, i) is not None]
        if not drawn:
            empty(ax, "no point has this number")
            return
        _scale(subject, ax)
        _line(subject, ax, drawn)
        _marks(subject, ax)
        low, high = range_shown(subject)
        ax.set_ylim(low, high + 0.06 * (high - low))
        ax.yaxis.set_major_formatter(lambda value, _: subject.value(value))
        ax.set_ylabel(subject.metric)
        ax.set_xlabel(subject.plan.axes[0].key)


def _line(view: SweepView, ax: Any, drawn: list[int]) -> None:
    found = positions(view)
    x = [found[index] for index in drawn]
    lows, highs = zip(
        *(band(view, index) or (0.0, 0.0) for index in drawn), strict=True
    )
    means = [view.mean(index) or 0.0 for index in drawn]
    # Between words there is nothing to draw a line through.
    is_line = has_scale(view)
    if view.plan.replications > 1:
        label = "95 % interval"
        if is_line:
            ax.fill_between(x, lows, highs, color=_BAND, linewidth=0, label=label)
        # A band of one value, or a narrow one, is seen at its points all the same.
        ax.vlines(x, lows, highs, color=_COLOUR, linewidth=1.2, zorder=2)
    if is_line:
        ax.plot(x, means, color=_COLOUR, linewidth=1.6, zorder=3)
    for at, mean, index in zip(x, means, drawn, strict=True):
        face = _COLOUR if view.meets_goal(index) else "white"
        ax.plot(at, mean, "o", color=_COLOUR, markerfacecolor=face, zorder=4)


def _marks(view: SweepView, ax: Any) -> None:
    low, high = range_shown(view)
    shown = [limit for limit in view.limits if low <= limit <= high]
    for limit in shown:
        label = f"goal: {view.goal}" if limit == shown[0] else "_"
        dashes = (0, (4, 2))
        ax.axhline(limit, color=LINE, linewidth=1.6, linestyle=dashes, label=label)
    now = baseline_position(view)
    if now is not None and not (has_log_scale(view) and now <= 0):
        label = f"{BASELINE} the scenario as it is: {view.plan.baseline[0]}"
        ax.axvline(now, color=INK, linewidth=1.2, label=label, zorder=1)


def _scale(view: SweepView, ax: Any) -> None:
    """Name the values below the axis, as far as their names keep apart."""
    if has_log_scale(view):
        ax.set_xscale("log")
        ax.minorticks_off()
    found = positions(view)
    order = ordered(view)
    ends = ax.transData.transform
    ax.set_xlim(*_limits(view))
    low, high = (ends((x, 0))[0] for x in ax.get_xlim())
    shown: list[int] = []
    last = float("-inf")
    for index in order:
        share = (ends((found[index], 0))[0] - low) / (high - low)
        if share - last >= _NEAREST:
            shown.append(index)
            last = share
    names = [fill(view.plan.points[index][0], _NAME_CHARACTERS) for index in shown]
    ax.set_xticks([found[index] for index in shown], names)


def _limits(view: SweepView) -> tuple[float, float]:
    found = positions(view)
    now = baseline_position(view)
    if now is not None and not (has_log_scale(view) and now <= 0):
        found.append(now)
    low, high = min(found), max(found)
    if has_log_scale(view):
        room = max((high / low) ** 0.04, 1.05)
        return low / room, high * room
    room = 0.04 * (high - low) or 0.5
    return low - room, high + room
