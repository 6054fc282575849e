"""A sweep of one parameter on a terminal: a list, and the line beside it."""

from typing import Final

from simcoalesce.metrics import metric_of
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.report import Block
from simcoalesce.report.blocks.sweep_line import (
    band,
    baseline_is_a_point,
    baseline_position,
    ordered,
    positions,
    range_shown,
)
from simcoalesce.report.blocks.sweep_view import BASELINE, SweepView, mark
from simcoalesce.report.terminal.report import table_lines

_MOST_LISTED: Final = 60
_COLUMNS: Final = 32
_GOAL, _MEAN, _BAND = "┊", "●", "━"


def line_lines(view: SweepView, width: int) -> list[str]:
    """Return a row for each value: the metric, its interval, and both on one scale.

    Args:
        view: A sweep of one parameter.
        width: Of the terminal.
    """
    order = ordered(view)
    rows = [_row(view, index) for index in order[:_MOST_LISTED]]
    now = baseline_position(view)
    if now is not None and not baseline_is_a_point(view):
        found = positions(view)
        row = (
            f" {BASELINE}{view.plan.baseline[0]}",
            "the scenario as it is: no point",
            "",
        )
        rows.insert(sum(found[index] < now for index in order[:_MOST_LISTED]), row)
    low, high = (view.value(end) for end in range_shown(view))
    scale = f"{low}{high:>{_COLUMNS - len(low)}}"
    header = (f"  {view.plan.axes[0].key}", view.metric, scale)
    block = Block(header=header, rows=rows)
    lines = [line[2:] for line in table_lines(block, width)]
    rest = len(order) - _MOST_LISTED
    return [*lines, f"… {rest:,} more in the table (-o)"] if rest > 0 else lines


def _row(view: SweepView, index: int) -> tuple[str, str, str]:
    known = view.estimate(index)
    unit = metric_of(view.metric).unit
    text = known_text(known, unit) if known else view.text(index)
    value = view.plan.points[index][0]
    return f"{mark(view, index):>2}{value}", text, _strip(view, index)


def _strip(view: SweepView, index: int) -> str:
    """Return the interval, the mean and the goal on the scale of all points."""
    least, most = range_shown(view)

    def column(value: float) -> int:
        return round((value - least) / (most - least) * (_COLUMNS - 1))

    strip = [" "] * _COLUMNS
    for limit in view.limits:
        if least <= limit <= most:
            strip[column(limit)] = _GOAL
    found, mean = band(view, index), view.mean(index)
    if found is not None and mean is not None:
        low, high = map(column, found)
        strip[low : min(high, _COLUMNS - 1) + 1] = _BAND * (
            min(high, _COLUMNS - 1) - low + 1
        )
        strip[column(mean)] = _MEAN
    return "".join(strip)
