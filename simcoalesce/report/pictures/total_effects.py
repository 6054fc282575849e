"""Sobol indices: which parameter makes the variance of the metric?"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from typing_extensions import override

from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sobol_view import SobolView
from simcoalesce.report.drawing.axes import horizontal
from simcoalesce.report.drawing.paint import INK
from simcoalesce.report.panels.row_chart import ChartRow, row_chart
from simcoalesce.report.picture import Picture

_BAR: Final = "#e3a27c"


class TotalEffects(Picture):
    """A bar for each parameter: its total effect, with the interval."""

    subject: ClassVar[type] = SobolView

    @override
    def size_inches(self, subject: SobolView) -> tuple[float, float]:
        return 6.72, 0.6 * (1.2 + 0.7 * max(len(subject.indices), 2))

    @override
    def headline(self, subject: SobolView) -> str:
        first, metric = subject.indices[0], subject.view.metric
        if not first.total:
            return f"No parameter moves {metric}"
        interval = f"{first.low:.2f} to {first.high:.2f}"
        effect = f"total effect of {first.total:.2f} [{interval}]"
        return f"{first.key} has a {effect} on {metric}"

    @override
    def subtitle(self, subject: SobolView) -> str:
        plan = subject.view.plan
        points = counted(len(plan.points), "point")
        runs = counted(plan.replications, "run")
        return (
            f"{plan.scenario.label}: shares of the variance over the ranges"
            f" · {points}, mean of {runs} each"
        )

    @override
    def series(self, subject: SobolView) -> Sequence[Mapping[str, Any]]:
        rows = [
            ChartRow(
                one.key,
                f"{one.total:.2f}",
                f"{one.low:.2f} to {one.high:.2f}",
                bar=(0.0, one.total),
                interval=(one.low, one.high),
                colour=_BAR,
            )
            for one in subject.indices
        ]
        return row_chart(rows, (0.0, max(1.0, *(one.high for one in subject.indices))))

    @override
    def draw(self, subject: SobolView, ax: Any) -> None:
        found = subject.indices
        rows = range(len(found))
        totals = [one.total for one in found]
        errors = [
            [max(one.total - one.low, 0.0) for one in found],
            [max(one.high - one.total, 0.0) for one in found],
        ]
        ax.barh(rows, totals, height=0.5, color=_BAR, label="total effect")
        style = {"fmt": "none", "ecolor": INK, "elinewidth": 1.2, "capsize": 3}
        ax.errorbar(totals, rows, xerr=errors, label="95 % interval", **style)
        horizontal(ax, [one.key for one in found])
        ax.set_xlim(0, max(1.0, *(one.high for one in found)))
