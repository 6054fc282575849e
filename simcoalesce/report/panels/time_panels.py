"""Panels: what each chart of a page shows of a run over time, as plain numbers."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.outcomes import Lookup, Outcomes, is_served
from simcoalesce.report.blocks.number_format import count, spaced_duration
from simcoalesce.report.blocks.scenario_text import limit_text, rate_limits
from simcoalesce.report.drawing.paint import PAINTS
from simcoalesce.report.panels.time_view import TimeView
from simcoalesce.report.rows.allowance import sustained_per_s
from simcoalesce.report.rows.bins import binned
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.scenario.scenario import Scenario

_PERCENTILES: Final = (50, 95, 99)
_OF_CALLS: Final = (
    (OutcomeClass.LEADER, "accepted"),
    (OutcomeClass.REFUSED, "refused (429)"),
    (OutcomeClass.FAILED, "failed"),
)

Series = dict[str, Any]
Numbers = Sequence[float | None]


def panels(
    outcomes: Outcomes, base: Outcomes, scenario: Scenario, view: TimeView
) -> list[dict[str, Any]]:
    """Return the panels over time of a run, beside those of the unchanged file.

    Args:
        outcomes: The run.
        base: That of the file under the same seed; the run itself if nothing changed.
        scenario: That of the run, for its limits.
        view: The part that is shown.
    """
    is_same = base is outcomes
    return [
        arrivals_panel(outcomes, base, view),
        calls_panel(outcomes, None if is_same else base, scenario, view),
        _hits(outcomes, None if is_same else base, view),
        _latencies(outcomes, None if is_same else base, view),
    ]


def paint_of(kind: OutcomeClass) -> dict[str, str]:
    """Return how an outcome looks, as in every report."""
    paint = PAINTS[kind]
    return {
        "name": kind.name.lower(),
        "label": paint.label,
        "colour": paint.colour,
        "edge": paint.edge,
        "hatch": paint.hatch[:1],
    }


def _panel(kind: str, title: str, unit: str, view: TimeView) -> dict[str, Any]:
    return {"kind": kind, "title": title, "unit": unit, "x": view.middles_s}


def arrivals_panel(
    outcomes: Outcomes, base: Outcomes, view: TimeView
) -> dict[str, Any]:
    """Return arrivals in each bin, by outcome, as stacked bars."""
    counts, before = _by_class(outcomes, view), _by_class(base, view)
    series = [
        {
            **paint_of(kind),
            "values": counts[kind].tolist(),
            "total": count(int(counts[kind].sum())),
        }
        for kind in OutcomeClass
        if counts[kind].any() or before[kind].any()
    ]
    width = spaced_duration(int(view.edges_ns[1] - view.edges_ns[0]))
    highest = max(int(counts.sum(axis=0).max()), int(before.sum(axis=0).max()), 1)
    panel = _panel("arrivals", "Arrivals by outcome", f"requests per {width}", view)
    return {**panel, **_summed(series), "lines": [], "high": highest}


def _summed(series: Sequence[Series]) -> dict[str, Any]:
    """Return stacked bars, and in words how much each of them is in all."""
    told = ", ".join(f"{one['label']} {one['total']}" for one in series)
    return {"bars": list(series), "summary": told}


def _by_class(outcomes: Outcomes, view: TimeView) -> NDArray[np.int64]:
    rows = outcomes.request_rows
    kinds = [*map(int, OutcomeClass)]
    return binned(rows.arrived_at_ns, outcome_classes(rows), kinds, view.edges_ns)


def calls_panel(
    outcomes: Outcomes, base: Outcomes | None, scenario: Scenario | None, view: TimeView
) -> dict[str, Any]:
    """Return calls of the origin a second, against what its limits let through."""
    rates = _call_rates(outcomes, view)
    series = [
        {
            **paint_of(kind),
            "label": label,
            "values": rates[row].round(3).tolist(),
            "total": count(round(float(rates[row].sum()) * view.width_s)),
        }
        for row, (kind, label) in enumerate(_OF_CALLS)
        if rates[row].any() or row == 0
    ]
    lines, high = (
        [*_limit_lines(rate_limits(scenario), view)],
        float(rates.sum(axis=0).max()),
    )
    if base is not None:
        before = _call_rates(base, view).sum(axis=0)
        high = max(high, float(before.max()))
        lines.append(_line("file", "calls of the file", before.round(3).tolist()))
    panel = _panel("calls", "Origin calls per second", "calls/s", view)
    return {**panel, **_summed(series), "lines": lines, "high": max(high, 1.0)}


def _call_rates(outcomes: Outcomes, view: TimeView) -> NDArray[np.float64]:
    calls = outcomes.origin_rows
    kinds = np.full(len(calls.status), int(OutcomeClass.LEADER))
    kinds[calls.status >= 400] = OutcomeClass.FAILED
    kinds[calls.status == 429] = OutcomeClass.REFUSED
    wanted = [int(kind) for kind, _ in _OF_CALLS]
    counts = binned(calls.called_at_ns, kinds, wanted, view.edges_ns)
    rates: NDArray[np.float64] = counts / view.width_s
    return rates


def _limit_lines(limits: Iterable[RateLimit], view: TimeView) -> Iterable[Series]:
    """Yield what each limit lets through in the long run, as a level line."""
    for limit in limits:
        per_s = sustained_per_s(limit)
        if per_s is not None and limit.counts_all:
            label = f"limit in the long run: {count(per_s)}/s ({limit_text(limit)})"
            yield _line("limit", label, [per_s] * (len(view.edges_ns) - 1))


def _line(name: str, label: str, values: Numbers) -> Series:
    return {"name": name, "label": label, "values": list(values)}


def _hits(outcomes: Outcomes, base: Outcomes | None, view: TimeView) -> dict[str, Any]:
    """Return the share of lookups that were cache hits, in percent."""
    lines = [_line("hits", "hit ratio", _hit_percents(outcomes, view))]
    if base is not None:
        lines.append(_line("file", "of the file", _hit_percents(base, view)))
    panel = _panel("hits", "Hit ratio", "%", view)
    known = [one for one in lines[0]["values"] if one is not None]
    told = f"from {min(known):g} % to {max(known):g} %" if known else "no lookups"
    return {**panel, "bars": [], "lines": lines, "high": 100, "summary": told}


def _hit_percents(outcomes: Outcomes, view: TimeView) -> list[float | None]:
    rows, bins = outcomes.request_rows, len(view.edges_ns) - 1
    asked = view.contains(rows.arrived_at_ns) & (rows.lookup != int(Lookup.BYPASS))
    at = view.bin_of(rows.arrived_at_ns[asked])
    every = np.bincount(at, minlength=bins)
    is_hit = is_served(rows.lookup[asked]) & (rows.lookup[asked] == int(Lookup.HIT))
    hits = np.bincount(at[is_hit], minlength=bins)
    pairs = zip(hits.tolist(), every.tolist(), strict=True)
    return [round(100 * hit / of, 2) if of else None for hit, of in pairs]


def _latencies(
    outcomes: Outcomes, base: Outcomes | None, view: TimeView
) -> dict[str, Any]:
    """Return percentiles of the latency of answered requests, by arrival, in ms."""
    columns = _percentiles_ms(outcomes, view)
    lines = [
        _line(f"p{percent}", f"p{percent}", column)
        for percent, column in zip(_PERCENTILES, columns, strict=True)
    ]
    if base is not None:
        lines.append(_line("file", "p99 of the file", _percentiles_ms(base, view)[-1]))
    every = [one for line in lines for one in line["values"] if one is not None]
    panel = _panel("latency", "Latency of answered requests", "ms", view)
    ends = {"low": min(every, default=1.0), "high": max(every, default=1.0)}
    told = f"from {ends['low']:g} ms to {ends['high']:g} ms" if every else "no answers"
    return {**panel, "bars": [], "lines": lines, **ends, "summary": told}


def _percentiles_ms(outcomes: Outcomes, view: TimeView) -> list[list[float | None]]:
    """Return a column for each percentile: the value that so many do not exceed."""
    rows, bins = outcomes.request_rows, len(view.edges_ns) - 1
    wanted = view.contains(rows.arrived_at_ns) & rows.answered
    at, latency_ns = view.bin_of(rows.arrived_at_ns[wanted]), rows.latency_ns[wanted]
    order = np.lexsort((latency_ns, at))
    latency_ns = latency_ns[order]
    sizes = np.bincount(at, minlength=bins)
    starts = np.cumsum(sizes) - sizes
    columns: list[list[float | None]] = []
    for percent in _PERCENTILES:
        rank = np.maximum(np.ceil(sizes * percent / 100).astype(np.int64) - 1, 0)
        picked = np.minimum(starts + rank, max(len(latency_ns) - 1, 0))
        values = latency_ns[picked] / 1e6 if len(latency_ns) else np.zeros(bins)
        known = zip(values.round(4).tolist(), (sizes > 0).tolist(), strict=True)
        columns.append([value if some else None for value, some in known])
    return columns
