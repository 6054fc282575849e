"""Calls that were predicted and recorded, second by second: does a fit hold?"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from typing_extensions import override

from simcoalesce.fit.back_test import BackTest
from simcoalesce.report.blocks.number_format import count, counted
from simcoalesce.report.drawing.paint import FAINT, LINE, REFUSED
from simcoalesce.report.panels.back_test_charts import back_test_charts
from simcoalesce.report.picture import Picture


class PredictedCalls(Picture):
    """Calls in each second on both sides, and their difference added up.

    A difference that grows evenly comes of a wrong ttl or start; a step, of an event
    that was missed.
    """

    subject: ClassVar[type] = BackTest

    @override
    def headline(self, subject: BackTest) -> str:
        calls = subject.main.lines[0]
        recorded, predicted = count(calls.recorded), count(calls.predicted)
        return f"{recorded} calls recorded, {predicted} predicted"

    @override
    def subtitle(self, subject: BackTest) -> str:
        correlation = subject.main.correlation
        parts = [counted(len(subject.main.predicted), "run")]
        if subject.fitted_s is not None:
            parts.append(f"fitted to the first {subject.fitted_s[1]:,.0f} s")
        if correlation is not None:
            parts.append(f"correlation of seconds {correlation:.3f}")
        return " · ".join(parts)

    @override
    def series(self, subject: BackTest) -> Sequence[Mapping[str, Any]]:
        return back_test_charts(subject)

    @override
    def draw(self, subject: BackTest, ax: Any) -> None:
        recorded = subject.main.recorded.calls_per_s
        at_s = subject.from_s + np.arange(len(recorded))
        style = {"where": "post", "linewidth": 1.6}
        ax.step(at_s, recorded, color=FAINT, label="recorded", **style)
        predicted = subject.main.predicted_per_s
        ax.step(at_s, predicted, color=LINE, label="predicted", **style)
        ax.plot(
            at_s + 1,
            subject.main.cumulated,
            color=REFUSED,
            linestyle="--",
            linewidth=1.2,
            label="predicted - recorded, added up",
        )
        ax.set_xlim(subject.from_s, subject.from_s + len(recorded))
        ax.set_ylabel("origin calls in a second")
        ax.set_xlabel("seconds since the first request")
