"""The closed form as a picture: misses so far, predicted and simulated."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.explain.closed_form.closed_form import ClosedForm
from simcoalesce.explain.closed_form.first_window import missed_s
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.number_format import count, duration
from simcoalesce.report.html.svg import CACHED, ORIGIN, box, drawing, line, text

_LEFT: Final = 60
_TOP: Final = 14
_WIDTH: Final = 620
_HEIGHT: Final = 220
_BELOW: Final = 46
_BEYOND: Final = 1.5
"""How much longer than the miss window the picture is."""
_ROOM: Final = 1.08
_MOST_POINTS: Final = 400


def closed_form_plot(closed_form: ClosedForm, outcomes: Outcomes) -> str:
    """Return the misses of the first stampede as they add up, beside the prediction.

    Where misses do not share fetches, each of them is a call.

    Args:
        closed_form: What is predicted.
        outcomes: The run of the story.
    """
    seen_s = missed_s(outcomes, closed_form.window_s)
    end_s = _BEYOND * max(
        closed_form.window_s, float(seen_s[-1]) if len(seen_s) else 0.0
    )
    what = "calls" if closed_form.coalescing is None else "misses"
    plot = _Plot(end_s, max(closed_form.misses, len(seen_s), 1), what)
    opened, closed = plot.x(0), plot.x(closed_form.window_s)
    rises = closed_form.misses / max(closed_form.rate_per_s, 1e-9)
    parts = [
        f'<g opacity=".18">{box(opened, _TOP, (closed - opened, _HEIGHT), CACHED)}</g>',
        *plot.axes(),
        line(plot.steps(seen_s), ORIGIN, width=2.5),
        line(
            plot.points(
                [(0, 1), (min(rises, closed_form.window_s), closed_form.misses)]
            )
            + plot.points([(end_s, closed_form.misses)]),
            is_dashed=True,
        ),
        text(opened + 6, _TOP + 14, f"miss window: {duration(closed_form.window_s)}"),
        text(plot.x(end_s), plot.y(closed_form.misses) - 6, _told(closed_form), "end"),
        text(plot.x(end_s), plot.y(len(seen_s)) + 16, _seen(len(seen_s)), "end"),
    ]
    return drawing(
        parts,
        width=_LEFT + _WIDTH + 10,
        height=_TOP + _HEIGHT + _BELOW,
        name=f"The {what} of the first stampede, predicted and simulated",
    )


def _told(closed_form: ClosedForm) -> str:
    return f"predicted {count(closed_form.misses)} (dashed)"


def _seen(misses: int) -> str:
    return f"this run {count(misses)}"


class _Plot:
    """A plane of seconds to the right and calls, or misses, upwards."""

    def __init__(self, end_s: float, most: float, what: str) -> None:
        self._what = what
        self._end_s = end_s
        self._most = most
        self._top = _ROOM * most

    def x(self, at_s: float) -> float:
        """Return where an instant lies."""
        return _LEFT + _WIDTH * at_s / self._end_s

    def y(self, calls: float) -> float:
        """Return where a number of calls lies."""
        return _TOP + _HEIGHT * (1 - calls / self._top)

    def points(self, known: list[tuple[float, float]]) -> list[tuple[float, float]]:
        """Return where points lie."""
        return [(self.x(at_s), self.y(calls)) for at_s, calls in known]

    def steps(self, seen_s: NDArray[np.float64]) -> list[tuple[float, float]]:
        """Return the line of how many have missed by when."""
        places = np.unique(np.linspace(0, len(seen_s) - 1, _MOST_POINTS).astype(int))
        known = [(float(seen_s[place]), float(place + 1)) for place in places]
        return self.points([(0.0, 0.0), *known, (self._end_s, float(len(seen_s)))])

    def axes(self) -> list[str]:
        """Return both axes with their words."""
        left, right, low = self.x(0), self.x(self._end_s), self.y(0)
        return [
            line([(left, _TOP), (left, low), (right, low)]),
            text(left - 8, low + 4, "0", "end"),
            text(left - 8, self.y(self._most) + 4, count(round(self._most)), "end"),
            text(left, low + 18, "0"),
            text(right, low + 18, duration(self._end_s), "end"),
            text(
                (left + right) / 2,
                low + 36,
                f"{self._what} so far, since the first miss",
                "middle",
            ),
        ]
