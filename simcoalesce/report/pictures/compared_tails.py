"""Two scenarios' latencies by percentile: where does a change help, and where not?"""

from typing import Any, ClassVar, Final

import numpy as np
from typing_extensions import override

from simcoalesce.experiment.compare import Comparison
from simcoalesce.metrics.latency import PERCENTILES
from simcoalesce.report.blocks.comparison import named
from simcoalesce.report.blocks.number_format import counted, duration, share
from simcoalesce.report.drawing.paint import FAINT, LINE
from simcoalesce.report.drawing.tail_axis import tail_axis
from simcoalesce.report.picture import Picture

_STYLES: Final = ((FAINT, "--", "s"), (LINE, "-", "o"))


class ComparedTails(Picture):
    """The mean of each latency percentile over the runs, with its 95 % interval.

    Only percentiles that the runs of both allow are in it.
    """

    subject: ClassVar[type] = Comparison
    axes_inches: ClassVar[tuple[float, float]] = (6.9, 2.8)

    @override
    def is_possible(self, subject: Comparison) -> bool:
        return len(_known(subject)) > 1

    @override
    def headline(self, subject: Comparison) -> str:
        name, last = list(_known(subject).items())[-1]
        base, other = (one.estimates()[name].mean or 0.0 for one in subject.measured)
        return (
            f"At p{last:g} an answer takes {duration(other)}, {duration(base)} before"
        )

    @override
    def subtitle(self, subject: Comparison) -> str:
        runs = counted(subject.replications, "run")
        told = f"answered requests, mean of {runs} from seed {subject.seed}"
        band = " with its 95 % interval" if subject.replications > 1 else ""
        every = [one.estimates()["error_ratio"].mean or 0.0 for one in subject.measured]
        before, after = (share(one, 1) for one in every)
        errors = f" · errors: {before} before, {after} after" if any(every) else ""
        return f"{told}{band}{errors}"

    @override
    def draw(self, subject: Comparison, ax: Any) -> None:
        known = _known(subject)
        x = np.array([100 / (100 - percent) for percent in known.values()])

        for name, measured, look in zip(
            named(subject), subject.measured, _STYLES, strict=True
        ):
            colour, style, marker = look
            every = measured.estimates()
            found = [every[metric] for metric in known]
            mean_ms = np.array([1e3 * (one.mean or 0.0) for one in found])
            half_ms = np.array([1e3 * (one.half_width or 0.0) for one in found])
            band = {"color": colour, "alpha": 0.15, "linewidth": 0}
            ax.fill_between(x, mean_ms - half_ms, mean_ms + half_ms, **band)
            line = {"color": colour, "linestyle": style, "marker": marker}
            ax.plot(x, mean_ms, label=name, linewidth=1.6, markersize=4, **line)
        tail_axis(ax, float(x[-1]))


def _known(comparison: Comparison) -> dict[str, float]:
    """Return the percentiles that both have in all of their runs, by metric."""
    both = [one.estimates() for one in comparison.measured]
    written = ((f"latency_p{str(one).replace('.', '')}_s", one) for one in PERCENTILES)
    return {
        name: percent
        for name, percent in written
        if all(name in some and some[name].mean is not None for some in both)
    }
