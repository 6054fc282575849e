"""What a notebook shows of a run or a result: a sentence, a table, a small timeline.

Plain HTML and inline SVG without scripts or style sheets, in the page's own colours.
"""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import answered_ns, error_ns, percentile_s
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.number_format import (
    count,
    duration,
    share,
    spaced_duration,
)
from simcoalesce.report.blocks.result_figures import HEADER, Row, outcome_rows
from simcoalesce.report.blocks.summary_sentence import sentence, sentence_of_run
from simcoalesce.report.pictures.bins import bin_edges_ns, binned
from simcoalesce.report.pictures.chart_context import ChartContext
from simcoalesce.report.pictures.headline import view_text
from simcoalesce.report.pictures.outcome_class import (
    PAINTS,
    OutcomeClass,
    outcome_classes,
)
from simcoalesce.report.pictures.viewport import largest_stampede
from simcoalesce.units import NS_PER_S

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

_WIDTH: Final = 560
_HEIGHT: Final = 60
_LINE: Final = 16


def html_of_outcomes(outcomes: Outcomes) -> str:
    """Return one run as HTML, less than 20 KB."""
    return _page(sentence_of_run(outcomes), _rows(outcomes), outcomes, None)


def html_of_result(result: "Result") -> str:
    """Return a result as HTML, less than 20 KB; the timeline is of its first run."""
    rows = outcome_rows(result)
    return _page(sentence(result), rows, result.outcomes, result.scenario)


def _page(
    told: str, rows: Sequence[Row], outcomes: Outcomes, setting: ChartContext | None
) -> str:
    parts = [f"<p>{escape(told)}</p>", _table(rows)]
    if len(outcomes.request_rows.request):
        parts.append(_timeline(outcomes, setting))
    return f"<div>{''.join(parts)}</div>"


def _rows(outcomes: Outcomes) -> list[Row]:
    groups = {"answered": answered_ns(outcomes), "got an error": error_ns(outcomes)}
    total = len(outcomes.request_rows.request)
    rows = []
    for name, waits_ns in groups.items():
        waits = (percentile_s(waits_ns, percent) for percent in (50, 99))
        median, late = ("-" if wait is None else duration(wait) for wait in waits)
        number = len(waits_ns)
        rows.append((name, count(number), share(number, total), median, late))
    return rows


def _table(rows: Sequence[Row]) -> str:
    head = "".join(f'<th scope="col">{cell}</th>' for cell in HEADER)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in points)
        + "</tr>"
        for name, *points in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _timeline(outcomes: Outcomes, setting: ChartContext | None) -> str:
    """Return stacked bars of arrivals by ending, with a legend in words."""
    view = largest_stampede(outcomes)
    edges_ns = bin_edges_ns(view)
    rows, ending = (
        outcomes.request_rows,
        outcome_classes(outcomes.request_rows)[view.shown],
    )
    counts = binned(
        rows.arrived_at_ns[view.shown], ending, list(OutcomeClass), edges_ns
    )
    shown = ", ".join(view_text(outcomes, view, setting))
    width = spaced_duration(int(edges_ns[1] - edges_ns[0]))
    span = duration(view.span_ns / NS_PER_S)
    told = f"Arrivals per {width} in {span}: {shown}"
    legend = _legend(counts)
    height = _HEIGHT + _LINE * len(legend) + 6
    texts = "".join(
        f'<text y="{_HEIGHT + _LINE * place}">{line}</text>'
        for place, line in enumerate(legend, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'role="img" aria-label="{escape(told)}" font-size="11" fill="currentColor">'
        f"{''.join(_bars(counts))}"
        f'<path d="M0 {_HEIGHT}.5H{_WIDTH}" stroke="currentColor" stroke-width="0.5"/>'
        f"{texts}</svg><p><small>{escape(told)}</small></p>"
    )


def _legend(counts: NDArray[np.int64]) -> list[str]:
    """Return the endings that occur, with their colours and counts, in lines."""
    named = [
        f'<tspan fill="{PAINTS[kind].colour}">■</tspan> {PAINTS[kind].label} {count(n)}'
        for kind, n in zip(OutcomeClass, counts.sum(axis=1).tolist(), strict=True)
        if n
    ]
    return ["&#160; ".join(named[i : i + 3]) for i in range(0, len(named), 3)]


def _bars(counts: NDArray[np.int64]) -> list[str]:
    """Return one path of rectangles for each ending that occurs."""
    step = _WIDTH / counts.shape[1]
    top = max(int(counts.sum(axis=0).max()), 1)
    tops = np.cumsum(counts, axis=0) * _HEIGHT / top
    paths = []
    for kind, in_bins, high in zip(OutcomeClass, counts, tops, strict=True):
        moves = "".join(
            f"M{place * step:.1f} {_HEIGHT - high[place]:.1f}h{0.9 * step:.1f}"
            f"v{in_bins[place] * _HEIGHT / top:.1f}h-{0.9 * step:.1f}z"
            for place in np.flatnonzero(in_bins).tolist()
        )
        if moves:
            paths.append(f'<path fill="{PAINTS[kind].colour}" d="{moves}"/>')
    return paths
