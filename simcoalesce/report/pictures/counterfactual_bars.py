"""What each change alone leaves of the origin calls."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.number_format import count
from simcoalesce.report.drawing.axes import bar_texts, count_axis, horizontal
from simcoalesce.report.drawing.paint import INK, ORIGIN
from simcoalesce.report.panels.row_chart import ChartRow, row_chart
from simcoalesce.report.picture import Picture


class CounterfactualBars(Picture):
    """A bar with its 95 % interval for the incident, and one for each change."""

    subject: ClassVar[type] = Explanation

    @override
    def is_possible(self, subject: Explanation) -> bool:
        return bool(subject.counterfactuals)

    @override
    def size_inches(self, subject: Explanation) -> tuple[float, float]:
        return 5.8, 0.27 * (1 + len(subject.counterfactuals))

    @override
    def headline(self, subject: Explanation) -> str:
        best = min(
            subject.counterfactuals, key=lambda one: _mean(one.metrics["origin_hits"])
        )
        before = count(_mean(subject.base["origin_hits"]))
        after = count(_mean(best.metrics["origin_hits"]))
        return f"Fewest calls: {after} with {best.label}, {before} as it happened"

    @override
    def subtitle(self, subject: Explanation) -> str:
        return f"mean of {subject.replications} paired seeds, with its 95 % interval"

    @override
    def series(self, subject: Explanation) -> Sequence[Mapping[str, Any]]:
        known = _bars(subject)
        rows = [
            ChartRow(
                label,
                count(_mean(one)),
                bar=(0.0, _mean(one)),
                interval=_ends(one),
                colour=ORIGIN,
            )
            for label, one in known.items()
        ]
        return row_chart(
            rows, (0.0, max(1.0, *(_ends(one)[1] for one in known.values())))
        )

    @override
    def draw(self, subject: Explanation, ax: Any) -> None:
        bars = _bars(subject)
        rows, means = range(len(bars)), [*map(_mean, bars.values())]
        low, high = np.array([_ends(known) for known in bars.values()]).T
        ax.barh(rows, means, height=0.68, color=ORIGIN)
        ax.hlines(rows, low, high, color=INK, linewidth=1)
        ax.set_xlim(0, 1.12 * max(1.0, *high))
        horizontal(ax, [*bars])
        bar_texts(ax, high, [count(mean) for mean in means])
        ax.set_xlabel("origin calls of a run")
        count_axis(ax.xaxis)


def _bars(subject: Explanation) -> dict[str, Estimate]:
    """Return the calls of the incident, and of each change."""
    return {"as it happened": subject.base["origin_hits"]} | {
        one.label: one.metrics["origin_hits"] for one in subject.counterfactuals
    }


def _mean(known: Estimate) -> float:
    return known.mean or 0.0


def _ends(known: Estimate) -> tuple[float, float]:
    """Return the interval; calls are never below zero, even if an interval is."""
    mean = _mean(known)
    low, high = (mean if end is None else end for end in (known.low, known.high))
    return max(low, 0.0), high
