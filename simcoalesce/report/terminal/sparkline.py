"""A run as a few lines of blocks: when requests came, and what they met."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.report.blocks.number_format import count, spaced_duration
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.rows.bins import bin_edges_ns, counted_in
from simcoalesce.report.rows.outcome_class import OutcomeClass, outcome_classes
from simcoalesce.units import NS_PER_S

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_FEWEST_COLUMNS: Final = 24
_TICK_COLUMNS: Final = 10
LABEL_WIDTH: Final = 12
"""Of the names to the left, here and in tables above it."""
_LEFT: Final = 2 + LABEL_WIDTH + 2
_TOTALS: Final = 20
"""Of the numbers to the right."""
_ALWAYS: Final = ("arrivals", "origin calls")
_CACHED: Final = (OutcomeClass.HIT, OutcomeClass.STALE)


def sparkline(counts: NDArray[np.int64], top: int) -> str:
    """Write counts as blocks; whatever is above zero is seen.

    >>> sparkline(np.array([0, 1, 50, 100]), 100)
    ' ▁▄█'
    """
    last = len(_BLOCKS) - 1
    return "".join(
        _BLOCKS[min(-(-number * 8 // top) - 1, last)] if number else " "
        for number in counts.tolist()
    )


def timeline(run: RunView, width: int = 100) -> list[str]:
    """Return the lines of a timeline; none if nothing happened.

    It shows the whole run, or, where that is mostly silence, its largest stampede.
    """
    if not len(run.outcomes.request_rows.request):
        return []
    edges_ns = _edges_that_fit(run, width)
    lines = [
        f"  {run.shown(run.stampede)}",
        *_rows(run, edges_ns),
        *_scale(run, edges_ns, width),
    ]
    return [cut_right(line, width) for line in lines]


def _edges_that_fit(run: RunView, width: int) -> NDArray[np.int64]:
    """Return the edges of as many columns as there are, beside labels and totals."""
    room = width - _LEFT - _TOTALS
    for fewest in range(_FEWEST_COLUMNS, 1, -1):
        edges_ns = bin_edges_ns(run.stampede, fewest)
        if len(edges_ns) <= room:
            return edges_ns
    return bin_edges_ns(run.stampede, 1)


def cut_right(line: str, width: int) -> str:
    """Return a line without its end if it is too long, or spaces at its end."""
    return (line if len(line) <= width else line[: width - 1] + "…").rstrip()


def _rows(run: RunView, edges_ns: NDArray[np.int64]) -> list[str]:
    """Return arrivals, calls, refusals and cache hits, all to one scale."""
    rows, calls = run.outcomes.request_rows, run.outcomes.origin_rows
    is_shown = np.isin(np.arange(len(rows.status)), run.stampede.shown)
    is_near = np.isin(np.arange(len(calls.status)), run.stampede.calls)
    is_refused, is_cached = calls.status == 429, np.isin(outcome_classes(rows), _CACHED)
    drawn = {
        "arrivals": (rows.arrived_at_ns, is_shown, np.ones_like(is_shown)),
        "origin calls": (calls.called_at_ns, is_near, np.ones_like(is_near)),
        "429": (calls.called_at_ns, is_near, is_refused),
        "cache hits": (rows.arrived_at_ns, is_shown, is_cached),
    }
    counted = {
        label: (counted_in(at_ns[is_seen & is_meant], edges_ns), int(is_meant.sum()))
        for label, (at_ns, is_seen, is_meant) in drawn.items()
        if is_meant.any() or label in _ALWAYS
    }
    top = max(1, *(int(counts.max()) for counts, _ in counted.values()))
    return [_row(label, counts, top, of) for label, (counts, of) in counted.items()]


def _row(label: str, counts: NDArray[np.int64], top: int, of: int) -> str:
    shown = int(counts.sum())
    total = count(shown) if shown == of else f"{count(shown)} of {count(of)}"
    mark = " \u00d7" if label == "429" else ""
    return f"  {label:<{LABEL_WIDTH}}  {sparkline(counts, top)}   {total}{mark}"


def _scale(run: RunView, edges_ns: NDArray[np.int64], width: int) -> list[str]:
    """Return what is below: instants under their columns, then what a column is."""
    viewport, width_ns = run.stampede, int(edges_ns[1] - edges_ns[0])
    is_long = viewport.span_ns > 10 * NS_PER_S
    has_clock = is_long and run.starts_at is not None
    every_ns = (2 if has_clock else 1) * _TICK_COLUMNS * width_ns
    scale = " " * _LEFT
    for column, edge_ns in enumerate(edges_ns.tolist()):
        since_ns = edge_ns - viewport.zero_ns
        if since_ns % every_ns == 0:
            text = f"{since_ns / (NS_PER_S if is_long else 1_000_000):,.10g}"
            text = run.clock(edge_ns) if has_clock else text
            scale = f"{scale:<{_LEFT + column}}{text}"
    unit = "" if has_clock else " s" if is_long else " ms"
    told = f"(one column: {spaced_duration(width_ns)})"
    line = f"{scale}{unit}   {told}"
    if len(line) <= width:
        return [line]
    return [f"{scale}{unit}", f"{'':{_LEFT}}{told}"]
