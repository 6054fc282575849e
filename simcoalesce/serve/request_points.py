"""Request points: requests of a run as a page shows them one by one, to be clicked."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import RequestRows
from simcoalesce.report.panels.time_panels import paint_of
from simcoalesce.report.panels.time_view import TimeView
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.units import NS_PER_S

_MOST: Final = 900
_SLOWEST: Final = 60
_LEAST_MS: Final = 0.001


def request_points(rows: RequestRows, view: TimeView) -> dict[str, Any]:
    """Return some requests of a view, each with its number, arrival and latency.

    Of many only some are shown: evenly by arrival, and the slowest ones.
    """
    inside = np.flatnonzero(view.contains(rows.arrived_at_ns))
    shown = _picked(inside, rows.latency_ns)
    classes = outcome_classes(rows)[shown]
    x_s = ((rows.arrived_at_ns[shown] - view.zero_ns) / NS_PER_S).round(6)
    latency_ms = np.maximum(rows.latency_ns[shown] / 1e6, _LEAST_MS).round(4)
    series = [
        {**paint_of(kind), "values": _only(latency_ms, classes == int(kind))}
        for kind in OutcomeClass
        if (classes == int(kind)).any()
    ]
    return {
        "kind": "requests",
        "title": "Requests, one by one",
        "unit": "ms",
        "x": x_s.tolist(),
        "points": series,
        "requests": rows.request[shown].tolist(),
        "summary": f"{len(shown):,} of {len(inside):,} requests",
        "shown": len(shown),
        "of": len(inside),
        "low": float(latency_ms.min()) if len(shown) else _LEAST_MS,
        "high": float(latency_ms.max()) if len(shown) else 1.0,
    }


def _picked(
    inside: NDArray[np.int64], latency_ns: NDArray[np.int64]
) -> NDArray[np.int64]:
    if len(inside) <= _MOST:
        return inside
    even = inside[np.linspace(0, len(inside) - 1, _MOST - _SLOWEST).astype(np.int64)]
    slow = inside[np.argsort(latency_ns[inside], kind="stable")[-_SLOWEST:]]
    return np.unique(np.concatenate([even, slow]))


def _only(values: NDArray[np.float64], where: NDArray[np.bool_]) -> list[float | None]:
    pairs = zip(values.tolist(), where.tolist(), strict=True)
    return [value if is_it else None for value, is_it in pairs]
