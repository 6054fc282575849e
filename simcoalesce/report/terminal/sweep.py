"""A sweep on a terminal: a line, a heat map, or a tornado, as its axes allow."""

from collections.abc import Sequence
from typing import Final

from simcoalesce.experiment.sweeps.sensitivity import Sensitivity, sensitivities
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.report import Block
from simcoalesce.report.blocks.sweep_view import SweepView, legend, mark, sweep_sentence
from simcoalesce.report.terminal.report import heading, table_lines, wrapped
from simcoalesce.report.terminal.sweep_line import line_lines
from simcoalesce.visible import visible_line

WIDTH: Final = 100
"""Where there is no terminal."""
_BAR: Final = 24
_SHADES: Final = (230, 223, 216, 209, 203, 196)
"""256-colour codes from pale to red; what meets the goal is green."""
_GREEN: Final = 114


def sweep_text(
    view: SweepView,
    more: Sequence[Block] = (),
    *,
    colour: bool = False,
    width: int = WIDTH,
) -> str:
    """Return what a sweep found.

    Args:
        view: The sweep, seen from one metric.
        more: What else was found: its Pareto front, Sobol indices.
        colour: Whether to add ANSI colours, for a terminal.
        width: How many columns to use.

    Returns:
        The lines, without an end of line behind the last.
    """
    plan = view.plan
    if len(plan.axes) == 1:
        lines = line_lines(view, width)
    elif view.is_grid:
        lines = _heat_map(view, width, colour=colour)
    else:
        lines = table_lines(_tornado(view), width)
    size, runs = counted(len(plan.points), "point"), counted(plan.replications, "run")
    told = f"{size} · {plan.sample} · {runs} each, seeds from {plan.seed}"
    head = heading(f"{plan.scenario.label} · {view.metric}", told, width)
    below = [*filter(None, [legend(view)]), *wrapped(sweep_sentence(view), width)]
    rest = [line for block in more for line in ("", *_block(block, width))]
    every = [*head, "", *lines, "", *below, *rest]
    return "\n".join(visible_line(line).rstrip() for line in every)


def _block(block: Block, width: int) -> list[str]:
    notes = [line for note in block.notes for line in wrapped(note, width)]
    return [block.title.upper(), *table_lines(block, width), *notes]


def _heat_map(view: SweepView, width: int, *, colour: bool) -> list[str]:
    down, across = view.plan.axes
    rows, columns = down.values, across.values
    texts = [f"{mark(view, index)}{view.text(index)}" for index in view.indices]
    label = max(len(down.key), *map(len, rows))
    room = max(*map(len, columns), *map(len, texts)) + 2
    fitting = min(len(columns), (width - label) // room)
    codes = _colours(view) if colour else {}
    lines = [
        f"{'':<{label}}  {across.key}",
        f"{down.key:<{label}}{''.join(f'{c:>{room}}' for c in columns[:fitting])}",
    ]
    for row, value in enumerate(rows):
        indices = range(row * len(columns), row * len(columns) + fitting)
        fields = (_painted(f"{texts[i]:>{room}}", codes.get(i)) for i in indices)
        lines.append(f"{value:>{label}}{''.join(fields)}")
    rest = len(columns) - fitting
    more = counted(rest, "more column")
    return [*lines, f"… {more} in the table (-o)"] if rest else lines


def _colours(view: SweepView) -> dict[int, int]:
    """Return 256-colour codes by rank, so that one extreme makes no others pale."""
    means = {i: mean for i in view.indices if (mean := view.mean(i)) is not None}
    order = sorted(set(means.values()))
    steps = (len(_SHADES) - 1) / max(len(order) - 1, 1)
    return {
        index: _GREEN
        if view.meets_goal(index)
        else _SHADES[round(steps * order.index(mean))]
        for index, mean in means.items()
    }


def _painted(text: str, code: int | None) -> str:
    return text if code is None else f"\x1b[38;5;16;48;5;{code}m{text}\x1b[0m"


def _tornado(view: SweepView) -> Block:
    found = sensitivities(view.sweep, view.metric)
    ends = [end for one in found for end in (one.low, one.high)]
    rows = [
        (
            one.key,
            view.value(one.low),
            _bar(one, ends),
            view.value(one.high),
            "no effect" if one.low == one.high else f"{one.low_at} … {one.high_at}",
            "-" if one.rank_correlation is None else f"{one.rank_correlation:+.2f}",
        )
        for one in found
    ]
    header = ("parameter", "lowest", "", "highest", "at", "rank")
    return Block(header=header if found else (), rows=rows, numbers=(1, 2, 5))


def _bar(one: Sensitivity, ends: Sequence[float]) -> str:
    """Return a bar from the least to the greatest mean, on the scale of all."""
    low, span = min(ends), (max(ends) - min(ends)) or 1.0
    begin, end = (round((x - low) / span * (_BAR - 1)) for x in (one.low, one.high))
    return " " * begin + "█" * (end - begin + 1) + " " * (_BAR - 1 - end)
