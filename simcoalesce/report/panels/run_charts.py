"""Charts of arrivals over time: in the largest stampede, and in the whole run."""

from collections.abc import Mapping, Sequence
from typing import Any

from simcoalesce.report.blocks.number_format import duration
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.panels.chart_view import time_chart
from simcoalesce.report.panels.time_panels import arrivals_panel
from simcoalesce.report.panels.time_view import TimeView, time_views
from simcoalesce.report.rows.stampede_window import PicturedStampede
from simcoalesce.units import NS_PER_S

Charts = Sequence[Mapping[str, Any]]


def arrivals_charts(run: RunView, answered_ns: int | None) -> Charts:
    """Return arrivals by outcome, the miss window marked.

    Args:
        run: The run.
        answered_ns: The first answer of the origin in the window; None if none came.
    """
    if not len(run.outcomes.request_rows.request):
        return ()
    window, outcomes = run.stampede.window, run.outcomes
    return [
        time_chart(
            arrivals_panel(outcomes, outcomes, view),
            view,
            **(_marks(window, view, answered_ns) if window else {}),
        )
        for view in reversed(time_views(run))
    ]


def _marks(
    window: PicturedStampede, view: TimeView, answered_ns: int | None
) -> dict[str, object]:
    """Return the miss window as a shaded part, and what happens in it."""
    instants = {"first cache hit": window.closed_at_ns}
    instants["first origin answer"] = answered_ns
    marks = [
        {
            "at": _at(view, at_ns),
            "label": f"{what}, after {duration((at_ns - window.opened_at_ns) / 1e9)}",
            "dashed": what != "first cache hit",
        }
        for what, at_ns in instants.items()
        if at_ns is not None
    ]
    closes_ns = window.closed_at_ns or window.answered_at_ns
    shaded = [_at(view, window.opened_at_ns), _at(view, closes_ns)]
    is_seen = shaded[1] - shaded[0] > 0.02 * (view.ends_s[1] - view.ends_s[0])
    return {"shaded": shaded, "marks": marks if is_seen else []}


def _at(view: TimeView, at_ns: int) -> float:
    return round((at_ns - view.zero_ns) / NS_PER_S, 6)
