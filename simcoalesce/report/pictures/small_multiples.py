"""The same stampede under each change, all to one scale."""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.explain.explanation import Explanation
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.number_format import count, spaced_duration
from simcoalesce.report.drawing.axes import bars
from simcoalesce.report.drawing.paint import CACHED, ORIGIN, REFUSED
from simcoalesce.report.picture import Picture
from simcoalesce.report.rows.bins import bin_edges_ns, counted_in
from simcoalesce.report.rows.viewport import largest_stampede

_COLUMNS: Final = 3
_FEWEST_BINS: Final = 24
_WIDTH: Final = 0.93
_HEIGHT: Final = 0.68
"""Of the bars in a panel, which is 1 wide and 1 high."""
_LAYERS: Final = (("arrivals", CACHED), ("origin calls", ORIGIN), ("refused", REFUSED))


class SmallMultiples(Picture):
    """A panel for the incident and for each change: arrivals, calls and refusals.

    All show the time of the incident's largest stampede, of the story's seed.
    """

    subject: ClassVar[type] = Explanation

    @override
    def is_possible(self, subject: Explanation) -> bool:
        has_requests = len(subject.outcomes.request_rows.request) > 0
        return has_requests and bool(subject.counterfactuals)

    @override
    def size_inches(self, subject: Explanation) -> tuple[float, float]:
        rows = -(-(1 + len(subject.counterfactuals)) // _COLUMNS)
        return 8.64, 0.92 * rows

    @override
    def headline(self, subject: Explanation) -> str:
        edges_ns = _edges_ns(subject)
        span = spaced_duration(int(edges_ns[-1] - edges_ns[0]))
        return f"The same {span} under each change, with its origin calls"

    @override
    def subtitle(self, subject: Explanation) -> str:
        edges_ns = _edges_ns(subject)
        width = spaced_duration(int(edges_ns[1] - edges_ns[0]))
        return f"one run, seed {subject.seed} · each bar {width}"

    @override
    def draw(self, subject: Explanation, ax: Any) -> None:
        names = ["as it happened", *(one.label for one in subject.counterfactuals)]
        runs = [subject.outcomes, *subject.changed_outcomes]
        edges_ns = _edges_ns(subject)
        # Shape (panels, layers, bins).
        counts = np.array([_counts(outcomes, edges_ns) for outcomes in runs])
        ax.set_axis_off()
        ax.set_xlim(0, _COLUMNS)
        ax.set_ylim(-(-len(names) // _COLUMNS), 0)
        for layer, (label, colour) in enumerate(_LAYERS):
            _bars(ax, counts, layer, facecolor=colour, label=label)
        for index, name in enumerate(names):
            row, column = divmod(index, _COLUMNS)
            total = count(int(counts[index, 1].sum()))
            style = {"fontsize": 9, "va": "center"}
            ax.text(column, row + 0.19, name, **style)
            ax.text(column + _WIDTH, row + 0.19, total, ha="right", **style)


def _edges_ns(explanation: Explanation) -> NDArray[np.int64]:
    return bin_edges_ns(largest_stampede(explanation.outcomes), _FEWEST_BINS)


def _counts(outcomes: Outcomes, edges_ns: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    calls = outcomes.origin_rows
    instants_ns = (
        outcomes.request_rows.arrived_at_ns,
        calls.called_at_ns,
        calls.called_at_ns[calls.status == 429],
    )
    return [counted_in(at_ns, edges_ns) for at_ns in instants_ns]


def _bars(ax: Any, counts: NDArray[np.int64], layer: int, **style: Any) -> None:
    """Draw the bars of one kind in all panels, as one path."""
    panel, place = np.nonzero(counts[:, layer])
    row, column = np.divmod(panel, _COLUMNS)
    step = _WIDTH / counts.shape[2]
    # The least of them is seen, too.
    height = np.maximum(_HEIGHT * counts[panel, layer, place] / counts.max(), 0.01)
    bars(
        ax, column + step * place, row + 1.0, width=0.95 * step, height=-height, **style
    )
