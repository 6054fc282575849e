"""The picture of a sweep of many parameters: which one moves the metric most?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simcoalesce.experiment.sweeps.sensitivity import Sensitivity, sensitivities
from simcoalesce.metrics import METRICS
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import SweepView
from simcoalesce.report.pictures.chart import empty, headline
from simcoalesce.report.pictures.style import INK, chart_style, save

_BAR: Final = "#c96a3b"
_NOW: Final = INK
_GOAL: Final = "#1f6f9c"
_MOST_BARS: Final = 20
_ROOM: Final = 0.26
"""For the texts at the ends, as a share of the longest bar."""
_OF_WHAT: Final = {
    "oat": "one parameter at a time",
    "grid": "means over all others' values",
}


def save_tornado(view: SweepView, path: Path) -> None:
    """Draw how far each parameter moves the metric, as PNG or SVG.

    A bar for each parameter, the longest on top, from the least to the greatest mean;
    at its ends the parameter's value there. Lines stand at the scenario as it is, if
    that is one of the points, and at the goal.

    Raises:
        OSError: If the file cannot be written.
    """
    found = sensitivities(view.sweep, view.metric)[:_MOST_BARS]
    with chart_style():
        figure = Figure(figsize=(9.6, 1.8 + 0.55 * max(len(found), 2)))
        FigureCanvasAgg(figure)
        ax = figure.add_axes((0.26, 0.18, 0.7, 0.6))
        draw(view, found, ax)
        save(figure, path)


def draw(view: SweepView, found: Sequence[Sensitivity], ax: Any) -> None:
    """Draw the tornado.

    Args:
        view: A sweep, seen from one metric.
        found: The effect of each parameter, the largest first.
        ax: matplotlib axes, empty.
    """
    unit = METRICS[view.metric].unit
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    if found:
        _bars(found, unit, ax)
        _lines(view, found, ax)
    else:
        empty(ax, "no point has this number")
    headline(ax, _finding(view, found), _subtitle(view))


def _bars(found: Sequence[Sensitivity], unit: str, ax: Any) -> None:
    lows, spans = [e.low for e in found], [e.high - e.low for e in found]
    ax.barh(range(len(found)), spans, left=lows, height=0.56, color=_BAR, zorder=2)
    ax.set_yticks(range(len(found)), [effect.key for effect in found])
    ax.invert_yaxis()
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelcolor=INK)
    ax.xaxis.set_major_formatter(lambda value, _: _tick(value, min(lows), unit))
    for row, effect in enumerate(found):
        if effect.low == effect.high:
            _end(ax, (effect.high, row), "no effect", side=1)
            continue
        low, high = value_text(effect.low, unit), value_text(effect.high, unit)
        _end(ax, (effect.low, row), f"{effect.low_at}: {low}", side=-1)
        _end(ax, (effect.high, row), f"{effect.high_at}: {high}", side=1)


def _tick(value: float, least: float, unit: str) -> str:
    """Return the text of a tick; none below zero where nothing is."""
    return "" if value < 0 <= least else value_text(value, unit)


def _end(ax: Any, at: tuple[float, float], text: str, *, side: int) -> None:
    ax.annotate(
        text,
        at,
        (4 * side, 0),
        textcoords="offset points",
        ha="right" if side < 0 else "left",
        va="center",
        fontsize=8.5,
        color=INK,
        zorder=4,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
    )


def _lines(view: SweepView, found: Sequence[Sensitivity], ax: Any) -> None:
    """Draw what is now and what is wanted, and leave room for the texts."""
    unit = METRICS[view.metric].unit
    low, high = min(e.low for e in found), max(e.high for e in found)
    span = (high - low) or abs(high) or 1.0
    now = _now(view)
    if now is not None:
        label = f"the scenario as it is: {value_text(now, unit)}"
        ax.axvline(now, color=_NOW, linewidth=1.2, label=label, zorder=3)
    limits = [one for one in view.limits if low - span <= one <= high + span]
    for limit in limits:
        look = {"color": _GOAL, "linewidth": 1.6, "linestyle": (0, (4, 2))}
        label = f"goal: {view.goal}" if limit == limits[0] else "_"
        ax.axvline(limit, label=label, zorder=3, **look)
        low, high = min(low, limit), max(high, limit)
    ax.set_xlim(low - _ROOM * span, high + _ROOM * span)


def _now(view: SweepView) -> float | None:
    """Return the metric of the scenario as it is; None if that is no point."""
    for place in range(len(view.plan.points)):
        known = view.estimate(place) if view.is_present(place) else None
        if known is not None:
            return known.mean
    return None


def _finding(view: SweepView, found: Sequence[Sensitivity]) -> str:
    if not found or found[0].low == found[0].high:
        return f"No parameter moves {view.metric}"
    first, unit = found[0], METRICS[view.metric].unit
    return (
        f"{first.key} moves {view.metric} most: from {value_text(first.low, unit)}"
        f" to {value_text(first.high, unit)}"
    )


def _subtitle(view: SweepView) -> str:
    plan = view.plan
    how = _OF_WHAT.get(plan.sample, "means of the lower and the upper half")
    parts = [
        f"{plan.scenario.label}: {view.metric}",
        f"{counted(len(plan.points), 'point')}, {how}",
        f"{counted(plan.replications, 'run')} each",
    ]
    return " · ".join(parts)
