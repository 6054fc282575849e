"""The time axis of a picture: ms where it is short, the wall clock where it is long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from matplotlib import dates
from numpy.typing import NDArray

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.rows.viewport import Focus, Viewport
from simcoalesce.units import NS_PER_S

_DATES: Final[Any] = dates
_NS_PER_DAY: Final = 86_400 * NS_PER_S
_IN_MS_UP_TO_NS: Final = 10 * NS_PER_S
_TICKS: Final = {"minticks": 3, "maxticks": 8}
_MARGIN: Final = 0.012
_SINCE: Final = {
    Focus.STAMPEDE: "the first miss, at ",
    Focus.REFUSALS: "the first of these calls, at ",
    Focus.WAIT: "the arrival of the request that waits longest, at ",
    Focus.MOST_REFUSALS: "the time with most refusals begins, at ",
    Focus.MOST_MISSES: "the time with most misses begins, at ",
    Focus.WHOLE: "",
}


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Where instants lie in a picture, and what stands below them.

    Attributes:
        viewport: What the picture shows.
        zero_ns: The instant at x = 0, or at the day `starts_at`.
        unit_ns: One step of x.
        label: What x is, with its unit.
        starts_at: The wall clock at t = 0 if the ticks are to show it.
    """

    viewport: Viewport
    zero_ns: int
    unit_ns: int
    label: str
    starts_at: datetime | None = None

    @classmethod
    def of(cls, run: RunView, viewport: Viewport) -> "TimeAxis":
        """Return the axis that suits a part of a run."""
        if viewport.span_ns <= _IN_MS_UP_TO_NS:
            return cls(viewport, viewport.zero_ns, 1_000_000, _since(run, viewport))
        if run.starts_at is not None:
            zone = f" ({run.starts_at:%Z})" if run.starts_at.tzinfo else ""
            return cls(viewport, 0, _NS_PER_DAY, f"wall clock{zone}", run.starts_at)
        units_s = {"h": 3_600, "min": 60, "s": 1}
        name = next(
            one for one, s in units_s.items() if viewport.span_ns >= 10 * s * NS_PER_S
        )
        return cls(viewport, 0, units_s[name] * NS_PER_S, f"{name} from the start")

    def at(self, instants_ns: Any) -> NDArray[np.float64]:
        """Return where instants lie on x."""
        x = (np.asarray(instants_ns) - self.zero_ns) / self.unit_ns
        return x + _DATES.date2num(self.starts_at) if self.starts_at else x

    def apply(self, ax: Any) -> None:
        """Give a picture's axes this x axis."""
        left, right = self.at([self.viewport.start_ns, self.viewport.end_ns]).tolist()
        margin = _MARGIN * (right - left)
        ax.set_xlim(left - margin, right + margin)
        ax.set_xlabel(self.label)
        if self.starts_at is None:
            ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.10g}")
            return
        locator = _DATES.AutoDateLocator(tz=self.starts_at.tzinfo, **_TICKS)
        form = _DATES.AutoDateFormatter(locator, tz=self.starts_at.tzinfo)
        hours = "%d %b %H:%M" if self.viewport.span_ns >= _NS_PER_DAY else "%H:%M"
        # By how many days there are from one tick to the next.
        form.scaled = {
            1: "%Y-%m-%d",
            1 / 24: hours,
            1 / 1_440: "%H:%M",
            1 / 86_400: "%H:%M:%S",
        }
        ax.xaxis.set_major_locator(locator)
        ax.xaxis.set_major_formatter(form)


def _since(run: RunView, viewport: Viewport) -> str:
    if viewport.is_zoomed or viewport.zero_ns:
        at = run.clock(viewport.zero_ns, digits=3)
        return f"ms after {_SINCE[viewport.focus]}{at}"
    return f"ms from the start{f', {run.clock(0)}' if run.starts_at else ''}"
