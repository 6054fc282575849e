"""How long requests waited, answered and failed apart: who suffered?"""

from typing import Any, ClassVar, Final, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.metrics.latency import answered_ns, error_ns, percentile_s
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.number_format import count, duration
from simcoalesce.report.pictures.chart import Chart, headline
from simcoalesce.report.pictures.chart_context import ChartContext
from simcoalesce.report.pictures.headline import latency_headline, subtitle
from simcoalesce.report.pictures.outcome_class import PAINTS, OutcomeClass
from simcoalesce.report.pictures.viewport import whole_run

_MOST_POINTS: Final = 800
_BRIEFEST_MS: Final = 0.01
_MOST_TICKS: Final = 12
_MARKED: Final = (50, 99)


class LatencyEcdf(Chart):
    """The share of requests that waited at most so long."""

    question: ClassVar[str] = "Who waited, and for how long?"

    kind: Literal["latency_ecdf"] = "latency_ecdf"

    @override
    def draw(self, outcomes: Outcomes, setting: ChartContext | None, ax: Any) -> None:
        answered, failed = answered_ns(outcomes), error_ns(outcomes)
        low_ms, high_ms = _range_ms(np.concatenate([answered, failed]))
        ax.set_xscale("log")
        ax.set_xlim(low_ms, high_ms)
        _curve(ax, answered, "answered", "#1f6f9c", "-", above=False)
        _curve(
            ax,
            failed,
            "got an error",
            PAINTS[OutcomeClass.REFUSED].colour,
            "--",
            above=True,
        )
        ax.set_ylim(0, 1.06)
        ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
        ax.set_ylabel("share that waited at most so long")
        ax.set_xlabel("latency in ms, logarithmic")
        ticks = _ticks_ms(low_ms, high_ms)
        ax.set_xticks(ticks, [f"{tick:,.10g}" for tick in ticks])
        ax.set_xticks([], minor=True)
        ax.grid(visible=True, axis="x")
        said = subtitle(outcomes, whole_run(outcomes), setting)
        headline(ax, latency_headline(outcomes), said)


def _range_ms(latencies_ns: NDArray[np.int64]) -> tuple[float, float]:
    """Return the ends of the axis: at least a factor of ten apart."""
    low = max(float(latencies_ns.min()) / 1e6, _BRIEFEST_MS)
    high = max(float(latencies_ns.max()) / 1e6, low)
    margin = max(1.6, (10 * low / high) ** 0.5)
    # To the right a label has to fit beside the longest latency.
    return low / margin, 1.6 * high * margin


def _ticks_ms(low_ms: float, high_ms: float) -> list[float]:
    """Return 1, 2, 5, 10, ... between the ends; only powers of ten if they are many."""
    powers = range(-2, 10)
    ticks = [
        d * 10.0**k
        for k in powers
        for d in (1, 2, 5)
        if low_ms <= d * 10.0**k <= high_ms
    ]
    if len(ticks) <= _MOST_TICKS:
        return ticks
    return [10.0**k for k in powers if low_ms <= 10.0**k <= high_ms]


def _curve(
    ax: Any,
    latencies_ns: NDArray[np.int64],
    name: str,
    colour: str,
    line: str,
    *,
    above: bool,
) -> None:
    if not len(latencies_ns):
        return
    ranked = np.maximum(np.sort(latencies_ns) / 1e6, _BRIEFEST_MS)
    number = len(ranked)
    picked = np.unique(
        np.linspace(0, number - 1, min(number, _MOST_POINTS)).astype(int)
    )
    x = np.concatenate([[ax.get_xlim()[0]], ranked[picked], [ax.get_xlim()[1]]])
    y = np.concatenate([[0], (picked + 1) / number, [1]])
    label = f"{name}  {count(number)}"
    ax.step(
        x, y, where="post", color=colour, linewidth=1.8, linestyle=line, label=label
    )
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
