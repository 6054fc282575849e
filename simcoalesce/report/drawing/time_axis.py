"""The time axis of a picture: ms where it is short, the wall clock where it is long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.rows.viewport import Focus, Viewport
from simcoalesce.units import NS_PER_S

_IN_MS_UP_TO_NS: Final = 10 * NS_PER_S
_MOST_TICKS: Final = 8
_MARGIN: Final = 0.012
_TICK_STEPS_S: Final = (
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600),
    *(86_400 * days for days in (0.5, 1, 2, 7, 14, 28, 91, 364, 3_640, 36_400)),
)


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Where instants lie in a picture, and what stands below them.

    Attributes:
        viewport: What the picture shows.
        zero_ns: The instant at x = 0.
        unit_ns: One step of x.
        label: What x is, with its unit.
        starts_at: The wall clock at t = 0 if the ticks are to show it.
    """

    viewport: Viewport
    zero_ns: int
    unit_ns: int
    label: str
    starts_at: datetime | None

    @classmethod
    def of(cls, run: RunView, viewport: Viewport) -> "TimeAxis":
        """Return the axis that suits a part of a run."""
        if viewport.span_ns <= _IN_MS_UP_TO_NS:
            label = _since(run, viewport)
            return cls(viewport, viewport.zero_ns, 1_000_000, label, None)
        starts_at = run.context.starts_at if run.context is not None else None
        if starts_at is not None:
            zone = f" ({starts_at:%Z})" if starts_at.tzinfo else ""
            return cls(viewport, 0, NS_PER_S, f"wall clock{zone}", starts_at)
        for name, seconds in (("h", 3_600), ("min", 60), ("s", 1)):
            if viewport.span_ns >= 10 * seconds * NS_PER_S:
                unit_ns, label = seconds * NS_PER_S, f"{name} from the start"
                return cls(viewport, 0, unit_ns, label, None)
        raise AssertionError("a long view spans ten seconds")

    def at(self, instants_ns: Any) -> NDArray[np.float64]:
        """Return where instants lie on x."""
        return (np.asarray(instants_ns) - self.zero_ns) / self.unit_ns

    def apply(self, ax: Any) -> None:
        """Give a picture's axes this x axis."""
        left, right = self.at([self.viewport.start_ns, self.viewport.end_ns]).tolist()
        margin = _MARGIN * (right - left)
        ax.set_xlim(left - margin, right + margin)
        ax.set_xlabel(self.label)
        if self.starts_at is None:
            ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.10g}")
            return
        ticks_s = self._ticks_s(self.starts_at)
        instants = [self.starts_at + timedelta(seconds=tick_s) for tick_s in ticks_s]
        ax.set_xticks(ticks_s, labels=[f"{at:{self._tick_form()}}" for at in instants])

    def _step_s(self) -> float:
        span_s = self.viewport.span_ns / NS_PER_S
        return next(
            (step for step in _TICK_STEPS_S if step * _MOST_TICKS >= span_s),
            _TICK_STEPS_S[-1],
        )

    def _ticks_s(self, starts_at: datetime) -> list[float]:
        """Return the instants from the start, in s, at which the clock is round."""
        step_s = self._step_s()
        midnight = starts_at.replace(hour=0, minute=0, second=0, microsecond=0)
        offset_s = (starts_at - midnight).total_seconds()
        margin_s = _MARGIN * self.viewport.span_ns / NS_PER_S
        first = -(-(self.viewport.start_ns / NS_PER_S - margin_s + offset_s) // step_s)
        last = (self.viewport.end_ns / NS_PER_S + margin_s + offset_s) // step_s
        return [n * step_s - offset_s for n in range(int(first), int(last) + 1)]

    def _tick_form(self) -> str:
        step_s = self._step_s()
        if step_s >= 86_400:
            return "%Y-%m-%d"
        if self.viewport.span_ns >= 86_400 * NS_PER_S:
            return "%d %b %H:%M"
        return "%H:%M" if step_s >= 60 else "%H:%M:%S"


_SINCE: Final = {
    Focus.STAMPEDE: "the first miss, at ",
    Focus.REFUSALS: "the first of these calls, at ",
    Focus.WAIT: "the arrival of the request that waits longest, at ",
    Focus.WHOLE: "",
}


def _since(run: RunView, viewport: Viewport) -> str:
    if viewport.is_zoomed or viewport.zero_ns:
        at = run.clock(viewport.zero_ns, digits=3)
        return f"ms after {_SINCE[viewport.focus]}{at}"
    has_clock = run.context is not None and run.context.starts_at is not None
    return f"ms from the start{f', {run.clock(0)}' if has_clock else ''}"
