"""A Pareto front as a table, and the sentence above it."""

from typing import Final

from simcoalesce.experiment.sweeps.pareto import ParetoFront, ParetoPoint
from simcoalesce.metrics import metric_of
from simcoalesce.report.blocks.estimate_text import mean_text
from simcoalesce.report.blocks.not_comparable import not_comparable_text
from simcoalesce.report.blocks.number_format import counted, listed
from simcoalesce.report.blocks.report import Block
from simcoalesce.report.blocks.sweep_view import BASELINE, SweepView

_MOST_ROWS: Final = 40


def pareto_block(front: ParetoFront) -> Block:
    """Return a row for each point on the front, by the first metric."""
    keys = [axis.key for axis in front.sweep.plan.axes]
    on_it = listed_points(front)
    numbered = [*enumerate(on_it, start=1)]
    apart = not_comparable_text(front.not_comparable)
    notes = [pareto_sentence(front), *filter(None, [apart])]
    if len(on_it) > _MOST_ROWS:
        notes.append(f"{len(on_it) - _MOST_ROWS:,} more are in --json.")
    return Block(
        title="Pareto front",
        header=("no.", *keys, *front.metrics),
        rows=[_row(front, no, one) for no, one in numbered[:_MOST_ROWS]],
        numbers=tuple(range(1 + len(keys), 1 + len(keys) + len(front.metrics))),
        notes=notes,
        pictures=("pareto",),
    )


def listed_points(front: ParetoFront) -> list[ParetoPoint]:
    """Return the points on the front in the order of the table, undecided ones too."""
    return sorted(
        front.front, key=lambda one: [front.mean(one.index, m) for m in front.metrics]
    )


def _row(front: ParetoFront, number: int, one: ParetoPoint) -> list[str]:
    plan = front.sweep.plan
    seen = SweepView(front.sweep, front.metrics[0])
    point = front.sweep.points[one.index]
    means = [
        mean_text(known, metric_of(metric).unit)
        for metric in front.metrics
        if point and (known := point.estimate(metric))
    ]
    marks = BASELINE * seen.is_baseline(one.index) + "?" * (one.verdict == "undecided")
    return [f"{number}{marks}", *plan.points[one.index], *means]


def pareto_sentence(front: ParetoFront) -> str:
    """Return how many points are on the front, and how many the seeds leave open."""
    verdicts = [one.verdict for one in front.points]
    names = listed([*front.metrics])
    if not verdicts:
        return f"No point has {names}."
    number, of = verdicts.count("front"), counted(len(verdicts), "point")
    verb = "is" if number == 1 else "are"
    told = f"{number:,} of {of} {verb} dominated by no other in {names}"
    undecided = verdicts.count("undecided")
    rest = ""
    if undecided:
        rest = f"; {undecided:,} undecided (?): dominated by means only"
    left = len(front.sweep.plan.points) - len(verdicts)
    without = f"; {counted(left, 'point')} without these numbers" if left else ""
    return f"{told}{rest}{without}."
