"""How long requests waited, answered and failed apart: who suffered?"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.metrics.latency import answered_ns, error_ns, percentile_s
from simcoalesce.report.blocks.number_format import count, duration
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.drawing.paint import LINE, REFUSED
from simcoalesce.report.panels.latency_charts import latency_charts
from simcoalesce.report.picture import Picture

_MOST_POINTS: Final = 800
_BRIEFEST_MS: Final = 0.01
_WIDE: Final = 10_000
_MARKED: Final = (50, 99)


class LatencyEcdf(Picture):
    """The share of requests that waited at most so long."""

    subject: ClassVar[type] = RunView

    @override
    def is_possible(self, subject: RunView) -> bool:
        return len(subject.outcomes.request_rows.request) > 0

    @override
    def headline(self, subject: RunView) -> str:
        groups = (
            ("answered requests wait", answered_ns(subject.outcomes)),
            ("errors come after", error_ns(subject.outcomes)),
        )
        told = "; ".join(
            f"{name} {_typical(latencies_ns)}"
            for name, latencies_ns in groups
            if len(latencies_ns)
        )
        return told[:1].upper() + told[1:]

    @override
    def subtitle(self, subject: RunView) -> str:
        return subject.subtitle(subject.whole)

    @override
    def series(self, subject: RunView) -> Sequence[Mapping[str, Any]]:
        outcomes = subject.outcomes
        return latency_charts(answered_ns(outcomes), error_ns(outcomes))

    @override
    def draw(self, subject: RunView, ax: Any) -> None:
        answered, failed = answered_ns(subject.outcomes), error_ns(subject.outcomes)
        low_ms, high_ms = _range_ms(np.concatenate([answered, failed]))
        ax.set_xscale("log")
        ax.set_xlim(low_ms, high_ms)
        _curve(ax, answered, "answered", LINE, above=False)
        _curve(ax, failed, "got an error", REFUSED, above=True)
        ax.set_ylim(0, 1.06)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        ax.set_ylabel("share that waited at most so long")
        ax.set_xlabel("latency in ms, logarithmic")
        is_wide = high_ms > _WIDE * low_ms
        ax.xaxis.set_major_locator(LogLocator(subs=(1,) if is_wide else (1, 2, 5)))
        ax.xaxis.set_major_formatter(lambda x, _: f"{x:,.10g}")
        ax.xaxis.set_minor_locator(NullLocator())
        ax.grid(visible=True, axis="x")


def _typical(latencies_ns: NDArray[np.int64]) -> str:
    """Return a median and a 99th percentile, or the range of too few latencies."""
    median_s, p99_s = (percentile_s(latencies_ns, percent) for percent in (50, 99))
    low, high = (duration(int(end) / 1e9) for end in np.sort(latencies_ns)[[0, -1]])
    if low == high:
        return low
    if median_s is None or p99_s is None:
        return f"{low} to {high}"
    middle, late = duration(median_s), duration(p99_s)
    both = f"{middle} at p50 and p99"
    return both if middle == late else f"{middle} at p50, {late} at p99"


def _range_ms(latencies_ns: NDArray[np.int64]) -> tuple[float, float]:
    """Return the ends of the axis: at least a factor of ten apart."""
    low = max(float(latencies_ns.min()) / 1e6, _BRIEFEST_MS)
    high = max(float(latencies_ns.max()) / 1e6, low)
    margin = max(1.6, (10 * low / high) ** 0.5)
    # To the right a label has to fit beside the longest latency.
    return low / margin, 1.6 * high * margin


def _curve(
    ax: Any, latencies_ns: NDArray[np.int64], name: str, colour: str, *, above: bool
) -> None:
    if not len(latencies_ns):
        return
    ranked = np.maximum(np.sort(latencies_ns) / 1e6, _BRIEFEST_MS)
    number = len(ranked)
    shown = np.linspace(0, number - 1, min(number, _MOST_POINTS))
    picked = np.unique(shown.astype(int))
    x = np.concatenate([[ax.get_xlim()[0]], ranked[picked], [ax.get_xlim()[1]]])
    y = np.concatenate([[0], (picked + 1) / number, [1]])
    line = {"color": colour, "linewidth": 1.8, "linestyle": "--" if above else "-"}
    ax.step(x, y, where="post", label=f"{name}  {count(number)}", **line)
    for percent in _MARKED:
        at_s = percentile_s(latencies_ns, percent)
        if at_s is not None:
            _mark(ax, at_s, percent, colour, above=above)


def _mark(ax: Any, at_s: float, percent: int, colour: str, *, above: bool) -> None:
    x, y = max(at_s * 1e3, _BRIEFEST_MS), percent / 100
    ax.plot([x], [y], "o", color=colour, markersize=5)
    ax.annotate(
        f"p{percent}  {duration(at_s)}",
        (x, y),
        (-7, 7) if above else (7, -12),
        textcoords="offset points",
        ha="right" if above else "left",
        fontsize=9,
        color=colour,
        bbox={"facecolor": "white", "alpha": 0.8, "linewidth": 0, "pad": 1},
    )
