"""The chart of a sweep of one parameter: the mean at each value, with its interval."""

from collections.abc import Mapping, Sequence
from typing import Any

from simcoalesce.metrics import metric_of
from simcoalesce.report.blocks.estimate_text import known_text
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
from simcoalesce.report.blocks.sweep_view import SweepView
from simcoalesce.report.panels.chart_view import number_axis, word_axis


def sweep_charts(view: SweepView) -> Sequence[Mapping[str, Any]]:
    """Return a metric by the values of a parameter, and the goal as a level line."""
    drawn = [index for index in ordered(view) if band(view, index) is not None]
    if not drawn:
        return ()
    found, is_words = positions(view), not has_scale(view)
    names = [view.plan.points[index][0] for index in drawn]
    x = [float(place) for place in range(len(drawn))]
    if not is_words:
        x = [found[index] for index in drawn]
    panel = {
        "title": f"{view.metric} by {view.plan.axes[0].key}",
        "unit": metric_of(view.metric).unit,
        "x": x,
        "lines": [_mean(view, drawn), *_goals(view, len(drawn))],
        "high": range_shown(view)[1],
        "floor": range_shown(view)[0],
        "summary": f"{counted(len(drawn), 'value')}, the table has them all",
    }
    axis = word_axis(names) if is_words else _numbers(view, x)
    return [{"name": "", "panel": panel, "view": {**axis, "names": names}}]


def _numbers(view: SweepView, x: Sequence[float]) -> dict[str, Any]:
    now = baseline_position(view)
    is_log = has_log_scale(view)
    axis = number_axis(x, is_log=is_log)
    if now is not None and axis["from"] <= now <= axis["until"]:
        axis["marks"] = [{"at": now, "label": "the scenario as it is", "dashed": True}]
    return axis


def _mean(view: SweepView, drawn: Sequence[int]) -> Mapping[str, Any]:
    known = [view.estimate(index) for index in drawn]
    ends = [band(view, index) or (0.0, 0.0) for index in drawn]
    unit = metric_of(view.metric).unit
    return {
        "name": "mean",
        "label": "mean" if view.plan.replications == 1 else "mean [95 % interval]",
        "values": [one.mean if one else None for one in known],
        "texts": [known_text(one, unit) if one else "-" for one in known],
        "low": [low for low, _ in ends],
        "high": [high for _, high in ends],
        "linear": True,
    }


def _goals(view: SweepView, points: int) -> list[Mapping[str, Any]]:
    low, high = range_shown(view)
    shown = [limit for limit in view.limits if low <= limit <= high]
    return [
        {"name": "limit", "label": f"goal: {view.goal}", "values": [limit] * points}
        for limit in shown[:1]
    ]
