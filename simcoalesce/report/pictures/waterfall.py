"""How the harm falls, cause by cause, to what is left without all of them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from simcoalesce.explain.causes.attribution import Attribution
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.drawing.axes import bar_texts, count_axis, horizontal
from simcoalesce.report.drawing.paint import CACHED, INK, ORIGIN
from simcoalesce.report.panels.row_chart import ChartRow, row_chart
from simcoalesce.report.picture import Picture


class Waterfall(Picture):
    """From what happened down to what is left, a step for each Shapley value."""

    subject: ClassVar[type] = Explanation

    @override
    def is_possible(self, subject: Explanation) -> bool:
        return subject.attribution is not None

    @override
    def size_inches(self, subject: Explanation) -> tuple[float, float]:
        return 5.8, 0.27 * (2 + len(_known(subject).causes))

    @override
    def headline(self, subject: Explanation) -> str:
        known = _known(subject)
        most = max(known.causes, key=lambda share: share.shapley)
        taken, total = float(most.shapley), float(known.before - known.after)
        told = [value_text(abs(one), known.unit) for one in (taken, total)]
        return f"Largest share: {told[0]} of {told[1]}, as {most.label}"

    @override
    def subtitle(self, subject: Explanation) -> str:
        return f"Shapley values, mean of {_known(subject).seeds} paired seeds"

    @override
    def series(self, subject: Explanation) -> Sequence[Mapping[str, Any]]:
        known = _known(subject)
        level, after = known.measured(known.before), known.measured(known.after)
        rows = [_total("as it happened", level, known.unit)]
        for share in known.causes:
            step = known.measured(share.shapley)
            text = value_text(abs(step), known.unit)
            sign = "\u2212" if step >= 0 else "+"
            bar = (min(level - step, level), max(level - step, level))
            rows.append(ChartRow(share.label, sign + text, bar=bar, colour=CACHED))
            level -= step
        rows.append(_total("without all of these", after, known.unit))
        ends = (one.bar[1] for one in rows if one.bar)
        return row_chart(rows, (0.0, max(*ends, 1.0 if known.is_counted else 0.0)))

    @override
    def draw(self, subject: Explanation, ax: Any) -> None:
        known = _known(subject)
        steps = np.array([known.measured(share.shapley) for share in known.causes])
        before, after = known.measured(known.before), known.measured(known.after)
        levels = before - np.cumsum([0, *steps])
        left = np.array([0, *np.minimum(levels[:-1], levels[1:]), 0])
        width = np.array([before, *np.abs(steps), after])
        labels = [share.label for share in known.causes]
        colours = [ORIGIN, *[CACHED] * len(steps), ORIGIN]
        ax.barh(range(len(width)), width, height=0.68, left=left, color=colours)
        # A line leads from the end of each step to the next.
        rows = np.arange(len(steps))
        ax.vlines(levels[:-1], rows + 0.34, rows + 0.66, color=INK, linewidth=1)
        ax.set_xlim(0, 1.12 * max(*(left + width), 1.0 if known.is_counted else 0.0))
        horizontal(ax, ["as it happened", *labels, "without all of these"])
        signs = ["", *("\u2212" if step >= 0 else "+" for step in steps), ""]
        texts = [
            f"{sign}{value_text(one, known.unit)}"
            for sign, one in zip(signs, width, strict=True)
        ]
        bar_texts(ax, left + width, texts)
        ax.set_xlabel(f"{known.harm} of a run")
        if known.is_counted:
            count_axis(ax.xaxis)


def _total(name: str, value: float, unit: str) -> ChartRow:
    return ChartRow(name, value_text(value, unit), bar=(0.0, value), colour=ORIGIN)


def _known(explanation: Explanation) -> Attribution:
    known = explanation.attribution
    assert known is not None, "it is possible"  # noqa: S101 - for the type
    return known
