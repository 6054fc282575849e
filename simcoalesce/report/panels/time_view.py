"""Time views: which part of a run the charts of a page show, the same for both runs."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.rows.bins import bin_edges_ns
from simcoalesce.report.rows.viewport import Viewport
from simcoalesce.units import NS_PER_S

_FEWEST_BINS: Final = 90


@dataclass(frozen=True)
class TimeView:
    """A part of a run, cut into bins of a round width.

    Attributes:
        kind: ``whole`` or ``stampede``.
        name: What it is called.
        edges_ns: Edges of the bins, shape (bins + 1,).
        zero_ns: The instant that the axis counts from.
        clock: That instant, as people read it.
    """

    kind: str
    name: str
    edges_ns: NDArray[np.int64]
    zero_ns: int
    clock: str

    @property
    def width_s(self) -> float:
        """How long a bin is."""
        return float(self.edges_ns[1] - self.edges_ns[0]) / NS_PER_S

    @property
    def middles_s(self) -> list[float]:
        """The middle of each bin, in seconds from zero."""
        middles = (self.edges_ns[:-1] + self.edges_ns[1:]) / 2
        seconds: list[float] = ((middles - self.zero_ns) / NS_PER_S).round(6).tolist()
        return seconds

    @property
    def ends_s(self) -> tuple[float, float]:
        """Where it begins and ends, in seconds from zero."""
        first, last = self.edges_ns[0] - self.zero_ns, self.edges_ns[-1] - self.zero_ns
        return float(first) / NS_PER_S, float(last) / NS_PER_S

    def contains(self, at_ns: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Say which instants are in it."""
        inside: NDArray[np.bool_] = (at_ns >= self.edges_ns[0]) & (
            at_ns < self.edges_ns[-1]
        )
        return inside

    def bin_of(self, at_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the bins of instants that are in it."""
        width_ns = self.edges_ns[1] - self.edges_ns[0]
        bins: NDArray[np.int64] = (at_ns - self.edges_ns[0]) // width_ns
        return bins

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "kind": self.kind,
            "name": self.name,
            "clock": self.clock,
            "from": self.ends_s[0],
            "until": self.ends_s[1],
            "width": self.width_s,
        }


def time_views(run: RunView, longer: RunView | None = None) -> list[TimeView]:
    """Return the views of a run: the whole, and its largest stampede if there is one.

    Args:
        run: The run, which decides what is shown.
        longer: Another one of the same traffic: the whole is as long as the longer.
    """
    whole = run.whole
    if longer is not None and longer.whole.end_ns > whole.end_ns:
        whole = longer.whole
    views = [_view("whole", "the whole run", run, whole)]
    if run.stampede.is_zoomed:
        near = run.stampede
        views.append(_view("stampede", str(near.focus), run, near))
    return views


def _view(kind: str, name: str, run: RunView, shown: Viewport) -> TimeView:
    edges_ns = bin_edges_ns(shown, fewest=_FEWEST_BINS)
    clock = run.clock(shown.zero_ns, digits=0 if run.starts_at else 3)
    return TimeView(kind, name, edges_ns, shown.zero_ns, clock)
