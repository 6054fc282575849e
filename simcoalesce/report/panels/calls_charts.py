"""Charts of the origin's calls: so far, beside what its limits allow, and by second."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.report.blocks.number_format import count
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.blocks.scenario_text import limit_text, rate_limits
from simcoalesce.report.panels.chart_view import time_chart
from simcoalesce.report.panels.run_charts import Charts
from simcoalesce.report.panels.time_panels import calls_panel
from simcoalesce.report.panels.time_view import TimeView, time_views
from simcoalesce.report.rows.allowance import allowed_so_far
from simcoalesce.units import NS_PER_S

_MOST_POINTS: Final = 300
_IN_SIGHT: Final = 4
"""Of an allowance: so many times the calls, and what lies above is not shown."""


def calls_charts(run: RunView) -> Charts:
    """Return calls so far, then calls a second in the whole run and in the stampede."""
    views = time_views(run)
    by_second = [
        time_chart(calls_panel(run.outcomes, None, run.scenario, view), view)
        for view in views
    ]
    named = [
        "Calls per second",
        *(f"Calls per second: {one.name}" for one in views[1:]),
    ]
    return [
        {**_so_far(run, views[0]), "name": "Calls so far"},
        *({**one, "name": name} for one, name in zip(by_second, named, strict=True)),
    ]


def _so_far(run: RunView, view: TimeView) -> Mapping[str, Any]:
    calls, whole = run.outcomes.origin_rows, run.whole
    called_ns = np.sort(calls.called_at_ns)
    accepted_ns = np.sort(calls.called_at_ns[calls.status != 429])
    picked = np.linspace(0, len(called_ns) - 1, min(len(called_ns), _MOST_POINTS))
    limits = rate_limits(run.scenario)
    allowed = allowed_so_far(calls, limits, whole.start_ns, whole.end_ns)
    ends_ns = np.array([whole.start_ns, whole.end_ns - 1])
    steps_ns = allowed[0] if allowed else ends_ns
    x_ns = np.unique(
        np.concatenate([ends_ns, called_ns[picked.astype(int)], _some(steps_ns)])
    )
    lines = [
        _line("received", "calls", _by(called_ns, x_ns), "p99", len(called_ns)),
        _line("accepted", "accepted", _by(accepted_ns, x_ns), "hits", len(accepted_ns)),
    ]
    highest = len(called_ns)
    if allowed is not None:
        most = _held(*allowed, x_ns)
        is_near = most <= _IN_SIGHT * len(called_ns) + 10
        values = [
            one if near else None for one, near in zip(most, is_near, strict=True)
        ]
        named = " and ".join(map(limit_text, limits))
        lines.append({**_line("limit", f"allowed: {named}", values), "steps": True})
        highest = max([highest, *(one for one in values if one is not None)])
    panel = {
        "title": "Calls of the origin so far",
        "unit": "",
        "x": ((x_ns - view.zero_ns) / NS_PER_S).round(6).tolist(),
        "lines": lines,
        "high": float(highest),
        "summary": ", ".join(_told(lines)),
    }
    return time_chart(panel, view)


def _line(
    name: str, label: str, values: Any, ink: str = "", total: int | None = None
) -> dict[str, Any]:
    shown = {"name": name, "label": label, "values": list(values)}
    shown |= {"ink": ink} if ink else {}
    return shown if total is None else {**shown, "total": count(total)}


def _told(lines: list[dict[str, Any]]) -> Iterator[str]:
    for one in lines:
        yield f"{one['label']} {one['total']}" if "total" in one else one["label"]


def _by(instants_ns: NDArray[np.int64], x_ns: NDArray[np.int64]) -> list[int]:
    """Return how many of these instants have come by each of those."""
    found: list[int] = np.searchsorted(instants_ns, x_ns, side="right").tolist()
    return found


def _held(
    instants_ns: NDArray[np.int64], most: NDArray[Any], x_ns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what holds at each instant of a function that steps at some."""
    place = np.searchsorted(instants_ns, x_ns, side="right") - 1
    held: NDArray[np.float64] = most[np.maximum(place, 0)].astype(np.float64)
    return held


def _some(instants_ns: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return at most so many instants as a chart has points."""
    return instants_ns[:: -(-len(instants_ns) // _MOST_POINTS)]
