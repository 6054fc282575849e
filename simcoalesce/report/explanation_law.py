"""The law as a picture: who has missed by when, predicted and simulated."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.explain.law import Law
from simcoalesce.metrics.stampede import stampedes
from simcoalesce.outcomes import NEVER, Lookup, Outcomes
from simcoalesce.report.svg import CACHED, ORIGIN, box, drawing, line, text
from simcoalesce.report.wording import count, duration
from simcoalesce.units import NS_PER_S

_LEFT: Final = 60
_TOP: Final = 14
_WIDTH: Final = 620
_HEIGHT: Final = 220
_BELOW: Final = 46
_BEYOND: Final = 1.5
"""How much longer than the door is open the picture goes on."""
_ROOM: Final = 1.08
_MOST_POINTS: Final = 400


def law_plot(law: Law, outcomes: Outcomes) -> str:
    """Return the calls of the first stampede as they add up, beside the law.

    Args:
        law: What is predicted.
        outcomes: The run of the story.
    """
    missed_s = _missed_s(outcomes)
    end_s = _BEYOND * max(law.window_s, float(missed_s[-1]) if len(missed_s) else 0.0)
    plot = _Plot(end_s, max(law.predicted, len(missed_s), 1))
    opened, closed = plot.x(0), plot.x(law.window_s)
    rises = law.predicted / max(law.rate_per_s, 1e-9)
    parts = [
        f'<g opacity=".18">{box(opened, _TOP, (closed - opened, _HEIGHT), CACHED)}</g>',
        *plot.axes(),
        line(plot.steps(missed_s), ORIGIN, width=2.5),
        line(
            plot.points([(0, 1), (min(rises, law.window_s), law.predicted)])
            + plot.points([(end_s, law.predicted)]),
            is_dashed=True,
        ),
        text(opened + 6, _TOP + 14, f"the door is open: {duration(law.window_s)}"),
        text(plot.x(end_s), plot.y(law.predicted) - 6, _told(law), "end"),
        text(plot.x(end_s), plot.y(len(missed_s)) + 16, _seen(missed_s), "end"),
    ]
    return drawing(
        parts,
        width=_LEFT + _WIDTH + 10,
        height=_TOP + _HEIGHT + _BELOW,
        name="Origin calls of the first stampede, predicted and simulated",
    )


def _told(law: Law) -> str:
    return f"predicted {count(law.predicted)} (dashed)"


def _seen(missed_s: NDArray[np.float64]) -> str:
    return f"this run {count(len(missed_s))}"


class _Plot:
    """A plane of seconds to the right and calls upwards."""

    def __init__(self, end_s: float, most: float) -> None:
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

    def steps(self, missed_s: NDArray[np.float64]) -> list[tuple[float, float]]:
        """Return the line of how many have missed by when."""
        places = np.unique(np.linspace(0, len(missed_s) - 1, _MOST_POINTS).astype(int))
        known = [(float(missed_s[place]), float(place + 1)) for place in places]
        return self.points([(0.0, 0.0), *known, (self._end_s, float(len(missed_s)))])

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
                "calls so far, since the first miss",
                "middle",
            ),
        ]


def _missed_s(outcomes: Outcomes) -> NDArray[np.float64]:
    """Return when the requests of the first stampede missed, since it began."""
    found, rows = stampedes(outcomes), outcomes.request_rows
    if not len(found.size):
        return np.empty(0)
    opened_ns, closed_ns = int(found.opened_at_ns[0]), int(found.closed_at_ns[0])
    is_its = (rows.key == found.key[0]) & (rows.location == found.location[0])
    is_its &= (rows.lookup == int(Lookup.MISS)) & (rows.arrived_at_ns >= opened_ns)
    if closed_ns != NEVER:
        is_its &= rows.arrived_at_ns < closed_ns
    missed_s: NDArray[np.float64] = (rows.arrived_at_ns[is_its] - opened_ns) / NS_PER_S
    return missed_s
