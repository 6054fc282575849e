"""The text of a sweep: a list, a heat map, or a tornado, as its axes allow."""

from collections.abc import Sequence
from textwrap import wrap
from typing import Final

from simcoalesce.experiment.sweeps.sensitivity import Sensitivity, sensitivities
from simcoalesce.metrics import METRICS
from simcoalesce.report.blocks.estimate_text import known_text, value_text
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import SweepView
from simcoalesce.report.terminal.sparkline import cut_right

_WIDTH: Final = 100
_MOST_LISTED: Final = 60
_BAR: Final = 24
_SHADES: Final = (230, 223, 216, 209, 203, 196)
"""256-colour codes from pale to red; what meets the goal is green."""
_GREEN: Final = 114


def sweep_text(view: SweepView, *, colour: bool = False) -> str:
    """Return what a sweep found, at most 100 columns wide.

    Args:
        view: The sweep, seen from one metric.
        colour: Whether to add ANSI colours, for a terminal.

    Returns:
        The lines, without an end of line behind the last.
    """
    axes = len(view.plan.axes)
    if axes == 1:
        lines = _list(view)
    elif axes == 2 and view.plan.sample == "grid":
        lines = _heat_map(view, colour=colour)
    else:
        lines = _tornado(view)
    return "\n".join([*_heading(view), "", *lines, "", *_ending(view)])


def _heading(view: SweepView) -> list[str]:
    plan = view.plan
    size = counted(len(plan.points), "point")
    runs = counted(plan.replications, "run")
    said = f"{size} · {plan.sample} · {runs} each, seeds from {plan.seed}"
    name = f"{plan.scenario.label} · {view.metric}"
    room = _WIDTH - len(said) - 2
    return [f"{cut_right(name, room):<{room}}  {said}"]


def _mark(view: SweepView, place: int) -> str:
    present = "◆" if view.is_present(place) else ""
    return f"{present}{'▒' if view.meets_goal(place) else ''}"


def _list(view: SweepView) -> list[str]:
    plan = view.plan
    unit = METRICS[view.metric].unit
    width = max(len(plan.axes[0].key), *(len(point[0]) for point in plan.points))
    lines = [f"  {plan.axes[0].key:<{width}}  {view.metric}"]
    for place, (value,) in enumerate(plan.points[:_MOST_LISTED]):
        known = view.estimate(place)
        text = known_text(known, unit) if known else view.text(place)
        lines.append(f"{_mark(view, place):>2}{value:<{width}}  {text}".rstrip())
    rest = len(plan.points) - _MOST_LISTED
    return [*lines, f"… {rest:,} more in the table (-o)"] if rest > 0 else lines


def _heat_map(view: SweepView, *, colour: bool) -> list[str]:
    down, across = view.plan.axes
    rows, columns = down.values, across.values
    texts = [
        f"{_mark(view, place)}{view.text(place)}"
        for place in range(len(view.plan.points))
    ]
    label = max(len(down.key), *map(len, rows))
    room = max(*map(len, columns), *map(len, texts)) + 2
    fitting = min(len(columns), (_WIDTH - label) // room)
    paint = _Paint(view) if colour else None
    lines = [
        f"{'':<{label}}  {across.key}",
        f"{down.key:<{label}}{''.join(f'{c:>{room}}' for c in columns[:fitting])}",
    ]
    for row, value in enumerate(rows):
        places = range(row * len(columns), row * len(columns) + fitting)
        cells = (_painted(f"{texts[p]:>{room}}", p, paint) for p in places)
        lines.append(f"{value:>{label}}{''.join(cells)}")
    rest = len(columns) - fitting
    more = counted(rest, "more column")
    return [*lines, f"… {more} in the table (-o)"] if rest else lines


class _Paint:
    """Colours by rank, so that one extreme value does not make all others pale."""

    def __init__(self, view: SweepView) -> None:
        self._view = view
        means = {
            e.mean for p in range(len(view.plan.points)) if (e := view.estimate(p))
        }
        self._order = sorted(mean for mean in means if mean is not None)

    def code(self, place: int) -> int | None:
        """Return the 256-colour code of a point; None without a number."""
        known = self._view.estimate(place)
        if known is None or known.mean is None:
            return None
        if self._view.meets_goal(place):
            return _GREEN
        rank = self._order.index(known.mean) / max(len(self._order) - 1, 1)
        return _SHADES[round(rank * (len(_SHADES) - 1))]


def _painted(text: str, place: int, paint: _Paint | None) -> str:
    code = paint.code(place) if paint else None
    return text if code is None else f"\x1b[38;5;16;48;5;{code}m{text}\x1b[0m"


def _tornado(view: SweepView) -> list[str]:
    found = sensitivities(view.sweep, view.metric)
    if not found:
        return []
    unit = METRICS[view.metric].unit
    ends = [min(e.low for e in found), max(e.high for e in found)]
    cells = [_tornado_cells(effect, ends, unit) for effect in found]
    head = ("parameter", "lowest", "", "highest", "at", "rank")
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    return [_tornado_row(row, widths) for row in (head, *cells)]


def _tornado_cells(
    effect: Sensitivity, ends: Sequence[float], unit: str
) -> tuple[str, ...]:
    rank = effect.rank_correlation
    return (
        effect.key,
        value_text(effect.low, unit),
        _bar(effect, *ends),
        value_text(effect.high, unit),
        "no effect" if effect.low == effect.high else _span(effect),
        "-" if rank is None else f"{rank:+.2f}",
    )


def _span(effect: Sensitivity) -> str:
    return f"{effect.low_at} … {effect.high_at}"


def _tornado_row(cells: Sequence[str], widths: Sequence[int]) -> str:
    name, low, bar, high, values, rank = cells
    row = (
        f"{name:<{widths[0]}}  {low:>{widths[1]}}  {bar:<{widths[2]}}"
        f"  {high:<{widths[3]}}  {values:<{widths[4]}}  {rank:>{widths[5]}}"
    )
    return cut_right(row, _WIDTH)


def _bar(effect: Sensitivity, low: float, high: float) -> str:
    span = (high - low) or 1.0
    begin = round((effect.low - low) / span * (_BAR - 1))
    end = round((effect.high - low) / span * (_BAR - 1))
    bar = " " * begin + "█" * (end - begin + 1)
    return f"{bar:<{_BAR}}"


def _ending(view: SweepView) -> list[str]:
    plan = view.plan
    places = range(len(plan.points))
    meeting_goal = sum(map(view.meets_goal, places))
    legend = [f"▒ meets {view.goal}"] if meeting_goal else []
    legend += ["◆ the scenario as it is"] if any(map(view.is_present, places)) else []
    legend += ["✗ failed"] if view.sweep.failed else []
    legend += ["· not done"] if not view.sweep.is_complete else []
    return [
        *filter(None, [" · ".join(legend)]),
        *wrap(_sentence(view, meeting_goal), _WIDTH),
    ]


def _sentence(view: SweepView, meeting_goal: int) -> str:
    known = {
        place: estimate.mean
        for place in range(len(view.plan.points))
        if (estimate := view.estimate(place)) and estimate.mean is not None
    }
    if not known:
        return "No point has this number."
    least = min(known, key=lambda place: known[place])
    most = max(known, key=lambda place: known[place])
    unit = METRICS[view.metric].unit
    span = f"{view.metric} is {value_text(known[least], unit)} at each"
    if known[least] < known[most]:
        span = (
            f"{view.metric} goes from {value_text(known[least], unit)}"
            f" ({_where(view, least)}) to {value_text(known[most], unit)}"
            f" ({_where(view, most)})"
        )
    if view.goal is None:
        return f"{span}."
    points = counted(len(view.sweep.done), "point")
    so_far = "" if view.sweep.is_complete else " so far"
    if not meeting_goal:
        return f"None of {points}{so_far} meets {view.goal}: {span}."
    meet = "meets" if meeting_goal == 1 else "meet"
    return f"{meeting_goal:,} of {points}{so_far} {meet} {view.goal}; {span}."


def _where(view: SweepView, place: int) -> str:
    """Return a point by the values in which it is not the scenario as it is."""
    plan = view.plan
    point = plan.points[place]
    changed = [
        text
        for text, value, now in zip(
            plan.overrides(point), point, plan.baseline, strict=True
        )
        if value != now
    ]
    return ", ".join(changed) or "as it is"
