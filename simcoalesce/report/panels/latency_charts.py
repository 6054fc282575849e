"""The chart of latencies: which share of requests waited at most so long."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import percentile_s
from simcoalesce.report.blocks.number_format import count, duration
from simcoalesce.report.panels.chart_view import number_axis

_MOST_POINTS: Final = 240
_LEAST_MS: Final = 0.01
_MARKED: Final = (50, 99)


def latency_charts(
    answered_ns: NDArray[np.int64], failed_ns: NDArray[np.int64]
) -> Sequence[Mapping[str, Any]]:
    """Return the shares of answered and of failed requests, by latency in ms."""
    groups = {"answered": answered_ns, "got an error": failed_ns}
    known = {name: _ms(one) for name, one in groups.items() if len(one)}
    if not known:
        return ()
    x = np.unique(np.concatenate([_picked(one) for one in known.values()]))
    lines = [
        {
            "name": name,
            "ink": "error" if name == "got an error" else "answered",
            "label": name,
            "total": count(len(ms)),
            "values": _percents(ms, x),
        }
        for name, ms in known.items()
    ]
    panel = {
        "title": "Share that waited at most so long",
        "unit": "%",
        "x": x.tolist(),
        "lines": lines,
        "high": 100,
        "summary": ", ".join(f"{name} {count(len(ms))}" for name, ms in known.items()),
    }
    axis = number_axis(panel["x"], "ms", is_log=True)
    return [
        {"name": "", "panel": panel, "view": {**axis, "marks": _marks(answered_ns)}}
    ]


def _ms(latencies_ns: NDArray[np.int64]) -> NDArray[np.float64]:
    ms: NDArray[np.float64] = np.maximum(np.sort(latencies_ns) / 1e6, _LEAST_MS)
    return ms.round(3)


def _picked(ms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return some latencies, evenly by rank, the least and the greatest among them."""
    number = min(len(ms), _MOST_POINTS)
    picked: NDArray[np.float64] = ms[np.linspace(0, len(ms) - 1, number).astype(int)]
    return picked


def _percents(ms: NDArray[np.float64], x: NDArray[np.float64]) -> list[float]:
    shares: NDArray[np.float64] = np.searchsorted(ms, x, side="right") / len(ms)
    percents: list[float] = (100 * shares).round(2).tolist()
    return percents


def _marks(answered_ns: NDArray[np.int64]) -> list[dict[str, object]]:
    found = {percent: percentile_s(answered_ns, percent) for percent in _MARKED}
    return [
        {
            "at": round(max(at_s * 1e3, _LEAST_MS), 4),
            "label": f"p{percent} {duration(at_s)}",
            "dashed": True,
        }
        for percent, at_s in found.items()
        if at_s is not None
    ]
