"""Sobol indices of a sweep, and how a report shows them."""

from dataclasses import dataclass

from simcoalesce.experiment.sweeps.sobol_indices import SobolIndex
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.report import Block
from simcoalesce.report.blocks.sweep_view import SweepView


@dataclass(frozen=True)
class SobolView:
    """Sobol indices of one metric.

    Attributes:
        view: The sweep, seen from the metric.
        indices: One for each parameter, the largest total effect first.
    """

    view: SweepView
    indices: tuple[SobolIndex, ...]


def sobol_block(shown: SobolView) -> Block:
    """Return a row for each parameter, the largest total effect first."""
    rows = [
        (
            one.key,
            f"{one.total:.2f}",
            f"{one.low:.2f} to {one.high:.2f}",
            "-" if one.chance is None else f"{one.chance:.3f}",
        )
        for one in shown.indices
    ]
    runs = counted(shown.view.plan.replications, "run")
    note = (
        f"Shares of the variance of the mean of {runs}, over the whole ranges;"
        " intervals by bootstrap over the points (docs/statistics.md)."
    )
    return Block(
        title="Sobol indices",
        header=(
            "parameter",
            f"total effect on {shown.view.metric}",
            "95 % interval",
            "of it chance",
        ),
        rows=rows,
        numbers=(1, 3),
        notes=[note],
        pictures=("total_effects",),
    )
