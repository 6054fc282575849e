"""The report of a sweep: a table of its points, and what was found of them."""

from collections.abc import Sequence

from simcoalesce.experiment.sweeps.sensitivity import sensitivities
from simcoalesce.metrics import metric_of
from simcoalesce.report.blocks.estimate_text import known_text
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.report import Block, Report
from simcoalesce.report.blocks.sweep_line import ordered
from simcoalesce.report.blocks.sweep_view import SweepView, legend, mark, sweep_sentence


def sweep_report(view: SweepView, more: Sequence[Block] = ()) -> Report:
    """Return a sweep as a report, e.g. for Markdown.

    Args:
        view: The sweep, seen from one metric.
        more: What else was found: its Pareto front, total effects.
    """
    plan = view.plan
    size, runs = counted(len(plan.points), "point"), counted(plan.replications, "run")
    return Report(
        title=f"{plan.scenario.label} · {view.metric}",
        subtitle=f"{size} · {plan.sample} · {runs} each, seeds from {plan.seed}",
        headline=sweep_sentence(view),
        blocks=[_points(view), *more],
        subjects=[view],
    )


def _points(view: SweepView) -> Block:
    notes = [*filter(None, [legend(view)])]
    if len(view.plan.axes) == 1:
        return _line(view, notes)
    return _grid(view, notes) if view.is_grid else _ranges(view, notes)


def _line(view: SweepView, notes: Sequence[str]) -> Block:
    unit = metric_of(view.metric).unit
    rows = []
    for index in ordered(view):
        known = view.estimate(index)
        text = known_text(known, unit) if known else view.text(index)
        rows.append((mark(view, index), *view.plan.points[index], text))
    header = ("", view.plan.axes[0].key, f"{view.metric} [95 % interval]")
    return Block(
        header=header,
        rows=rows,
        numbers=(0,),
        notes=notes,
        pictures=("sweep_line",),
    )


def _grid(view: SweepView, notes: Sequence[str]) -> Block:
    down, across = view.plan.axes
    texts = [f"{mark(view, index)}{view.text(index)}" for index in view.indices]
    width = len(across.values)
    rows = [
        (value, *texts[row * width : (row + 1) * width])
        for row, value in enumerate(down.values)
    ]
    header = (f"{down.key}, then {across.key}", *across.values)
    numbers = range(1, 1 + width)
    return Block(
        header=header, rows=rows, numbers=numbers, notes=notes, pictures=("heat_map",)
    )


def _ranges(view: SweepView, notes: Sequence[str]) -> Block:
    rows = [
        (
            one.key,
            f"{view.value(one.low)} ({one.low_at})",
            f"{view.value(one.high)} ({one.high_at})",
            "-" if one.rank_correlation is None else f"{one.rank_correlation:+.2f}",
        )
        for one in sensitivities(view.sweep, view.metric)
    ]
    header = ("parameter", "lowest", "highest", "rank correlation")
    return Block(
        header=header, rows=rows, numbers=(3,), notes=notes, pictures=("tornado",)
    )
