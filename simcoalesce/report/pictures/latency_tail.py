"""The tail of the latencies: how long do the slowest wait, one in a thousand?"""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.metrics.latency import answered_ns, error_ns
from simcoalesce.report.blocks.number_format import count, duration
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.drawing.paint import LINE, REFUSED
from simcoalesce.report.drawing.tail_axis import NAMED, tail_axis
from simcoalesce.report.picture import Picture

_POINTS: Final = 160


class LatencyTail(Picture):
    """Latency by percentile, up to the last that the number of requests allows.

    The axis is HdrHistogram's: the logarithm of one out of how many waits longer.
    """

    subject: ClassVar[type] = RunView
    axes_inches: ClassVar[tuple[float, float]] = (8.64, 3.2)

    @override
    def is_possible(self, subject: RunView) -> bool:
        return len(answered_ns(subject.outcomes)) >= 10

    @override
    def headline(self, subject: RunView) -> str:
        answered = answered_ns(subject.outcomes)
        number = len(answered)
        named = [at for at in NAMED if 2 <= at <= number]
        few = sorted({*named[:1], *named[-2:]})
        told = [f"{_at(answered, at)} at {NAMED[at]}" for at in few]
        return f"Answered requests wait {', '.join(told)}"

    @override
    def subtitle(self, subject: RunView) -> str:
        return subject.subtitle(subject.whole)

    @override
    def draw(self, subject: RunView, ax: Any) -> None:
        groups = (
            ("answered", answered_ns(subject.outcomes), LINE, "-"),
            ("got an error", error_ns(subject.outcomes), REFUSED, "--"),
        )
        most = 10.0
        for name, latencies_ns, colour, style in groups:
            if len(latencies_ns) < 2:
                continue
            one_in, latency_s = tail_of(latencies_ns)
            most = max(most, float(one_in[-1]))
            label = f"{name}  {count(len(latencies_ns))}"
            line = {"color": colour, "linestyle": style, "linewidth": 1.8}
            ax.step(one_in, 1e3 * latency_s, label=label, **line)
            ax.plot(one_in[-1:], 1e3 * latency_s[-1:], "o", color=colour, markersize=4)
        tail_axis(ax, most)


def _at(latencies_ns: NDArray[np.int64], one_in: int) -> str:
    rank = -(-len(latencies_ns) * (one_in - 1) // one_in)
    return duration(int(np.sort(latencies_ns)[rank - 1]) / 1e9)


def tail_of(
    latencies_ns: NDArray[np.int64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return one out of how many waits longer, and how long, both (points,).

    Up to where one request is expected beyond, as for the percentiles with a name.

    Args:
        latencies_ns: Latencies in any order, shape (n,), n >= 2.
    """
    number = len(latencies_ns)
    one_in = np.geomspace(1.0, number, min(_POINTS, number))
    share = 1 - 1 / one_in
    rank = np.ceil(share * number - 1e-6).astype(np.int64)
    ranked = np.sort(latencies_ns)
    return one_in, ranked[np.clip(rank - 1, 0, number - 1)] / 1e9
