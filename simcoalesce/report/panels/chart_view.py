"""Chart views: what a chart shows, and along which axis, as plain values."""

from collections.abc import Mapping, Sequence
from typing import Any

from simcoalesce.report.panels.time_view import TimeView

_ROOM: float = 0.03


def time_chart(
    panel: Mapping[str, Any], view: TimeView, **more: object
) -> Mapping[str, Any]:
    """Return a panel over time as a view of a chart.

    Args:
        panel: What is drawn.
        view: The part of the run.
        more: What else is marked in it.
    """
    name = view.name[:1].upper() + view.name[1:]
    return {"name": name, "panel": panel, "view": {**view.document(), **more}}


def number_axis(
    x: Sequence[float], unit: str = "", *, is_log: bool = False
) -> dict[str, Any]:
    """Return an axis of numbers with a little room at its ends."""
    low, high = min(x), max(x)
    if is_log:
        factor = max((high / low) ** _ROOM, 1.05)
        ends = low / factor, high * factor
    else:
        room = _ROOM * (high - low) or 0.5
        ends = low - room, high + room
    return {**_ends(*ends), "scale": "log" if is_log else "number", "unit": unit}


def word_axis(names: Sequence[str]) -> dict[str, Any]:
    """Return an axis of words, one at each whole number from 0."""
    return {**_ends(-0.6, len(names) - 0.4), "scale": "names", "names": list(names)}


def _ends(low: float, high: float) -> dict[str, float]:
    return {"from": float(f"{low:.6g}"), "until": float(f"{high:.6g}")}
