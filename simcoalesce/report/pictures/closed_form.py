"""Who has missed by when, predicted by the closed form and simulated."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.explain.closed_form.closed_form import ClosedForm
from simcoalesce.explain.closed_form.first_window import missed_s
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.number_format import count, duration
from simcoalesce.report.drawing.axes import count_axis
from simcoalesce.report.drawing.paint import INK, ORIGIN, WINDOW
from simcoalesce.report.picture import Picture

_BEYOND: Final = 1.5
"""How much longer than the miss window the picture goes on."""
_MOST_POINTS: Final = 400


class ClosedFormPicture(Picture):
    """Misses of the first stampede as they add up, beside the closed form.

    Where misses do not share fetches, each of them is a call.
    """

    subject: ClassVar[type] = Explanation
    axes_inches: ClassVar[tuple[float, float]] = (8.64, 2.6)

    @override
    def is_possible(self, subject: Explanation) -> bool:
        return subject.closed_form is not None

    @override
    def headline(self, subject: Explanation) -> str:
        known = _known(subject)
        seen = len(_missed_s(subject))
        return (
            f"{count(known.misses)} {_what(subject)} predicted, {count(seen)} simulated"
        )

    @override
    def subtitle(self, subject: Explanation) -> str:
        return f"the first stampede (one run, seed {subject.seed})"

    @override
    def series(self, subject: Explanation) -> Sequence[Mapping[str, Any]]:
        known, seen_s = _known(subject), _missed_s(subject)
        end_s = _BEYOND * max([known.window_s, *seen_s[-1:].tolist()])
        shown = np.linspace(0, len(seen_s) - 1, min(len(seen_s), _MOST_POINTS))
        picked = seen_s[shown.astype(int)]
        x = np.unique([0.0, known.window_s, end_s, *picked]).round(6)
        rises_s = min(known.misses / max(known.rate_per_s, 1e-9), known.window_s)
        line = np.interp(x, [0, rises_s], [1, known.misses])
        simulated = np.searchsorted(seen_s, x, side="right")
        panel = {
            "title": f"{_what(subject).capitalize()} so far",
            "unit": "",
            "x": x.tolist(),
            "lines": [
                _line("simulated", "mean", simulated, len(seen_s)),
                {
                    **_line("predicted", "file", line, known.misses),
                    "linear": True,
                    "dash": [5, 3],
                },
            ],
            "high": max(float(known.misses), len(seen_s), 1.0),
            "summary": self.headline(subject),
        }
        view = {"from": 0.0, "until": end_s, "shaded": [0.0, known.window_s]}
        return [{"name": "", "panel": panel, "view": view}]

    @override
    def draw(self, subject: Explanation, ax: Any) -> None:
        known = _known(subject)
        seen_s = _missed_s(subject)
        last_s = float(seen_s[-1]) if len(seen_s) else 0.0
        end_s = _BEYOND * max(known.window_s, last_s)
        window = f"miss window  {duration(known.window_s)}"
        ax.axvspan(0, known.window_s, color=WINDOW, linewidth=0, label=window, zorder=0)
        shown = np.linspace(0, len(seen_s) - 1, _MOST_POINTS).astype(int)
        picked = np.unique(shown[shown >= 0])
        ax.step(
            [0, *seen_s[picked], end_s],
            [0, *(picked + 1), len(seen_s)],
            where="post",
            color=ORIGIN,
            linewidth=2,
            label=f"simulated  {count(len(seen_s))}",
        )
        rises_s = min(known.misses / max(known.rate_per_s, 1e-9), known.window_s)
        ax.plot(
            [0, rises_s, end_s],
            [1, known.misses, known.misses],
            color=INK,
            linewidth=1.2,
            linestyle=(0, (5, 2)),
            label=f"predicted  {count(known.misses)}",
        )
        ax.set_xlim(0, end_s)
        ax.set_ylim(0, 1.08 * max(known.misses, len(seen_s), 1))
        count_axis(ax.yaxis)
        ax.xaxis.set_major_formatter(lambda x, _: f"{1_000 * x:,.10g}")
        ax.set_xlabel("ms after the first miss")
        ax.set_ylabel(f"{_what(subject)} so far")


def _line(name: str, ink: str, values: NDArray[Any], total: float) -> Mapping[str, Any]:
    told = {"name": name, "ink": ink, "label": name, "total": count(total)}
    return {**told, "values": np.round(values, 2).tolist()}


def _missed_s(subject: Explanation) -> NDArray[np.float64]:
    window_s, path = _known(subject).window_s, subject.scenario.path
    return missed_s(subject.outcomes, window_s, path)


def _known(explanation: Explanation) -> ClosedForm:
    known = explanation.closed_form
    assert known is not None, "it is possible"  # noqa: S101 - for the type
    return known


def _what(explanation: Explanation) -> str:
    return "misses" if _known(explanation).coalescing else "calls"
