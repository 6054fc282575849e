"""Small multiples: the same minute under each change, all to one scale."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.experiment.run import run
from simcoalesce.explain.explanation import Explanation
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.blocks.number_format import count, spaced_duration
from simcoalesce.report.html.svg import CACHED, ORIGIN, REFUSED, box, drawing, text
from simcoalesce.report.pictures.bins import bin_edges_ns, binned
from simcoalesce.report.pictures.viewport import largest_stampede

_WIDTH: Final = 260
_HEIGHT: Final = 90
_HEAD: Final = 22
_FEWEST_BINS: Final = 24


class _Panel:
    """One change: arrivals, origin calls and refusals in the bins of all."""

    def __init__(
        self, name: str, outcomes: Outcomes, edges_ns: NDArray[np.int64]
    ) -> None:
        rows, calls = outcomes.request_rows, outcomes.origin_rows
        refused_ns = calls.called_at_ns[calls.status == 429]
        self.name = name
        self.arrivals = _counts(rows.arrived_at_ns, edges_ns)
        self.calls = _counts(calls.called_at_ns, edges_ns)
        self.refused = _counts(refused_ns, edges_ns)

    @property
    def top(self) -> int:
        """The highest bar."""
        return int(max(self.arrivals.max(), self.calls.max()))

    def drawn(self, top: int) -> str:
        """Return the panel, to the scale of all panels."""
        total = count(int(self.calls.sum()))
        parts = [text(0, 14, self.name), text(_WIDTH, 14, total, "end")]
        parts += self._bars(self.arrivals, CACHED, top)
        parts += self._bars(self.calls, ORIGIN, top)
        parts += self._bars(self.refused, REFUSED, top)
        name = f"{self.name}: {total} origin calls"
        return drawing(parts, width=_WIDTH, height=_HEAD + _HEIGHT + 4, name=name)

    def _bars(self, counts: NDArray[np.int64], fill: str, top: int) -> Iterator[str]:
        width = _WIDTH / len(counts)
        for place, number in enumerate(counts.tolist()):
            if number:
                height = max(_HEIGHT * number / top, 1.0)
                y = _HEAD + _HEIGHT - height
                yield box(place * width, y, (width - 0.6, height), fill)


def _counts(
    instants_ns: NDArray[np.int64], edges_ns: NDArray[np.int64]
) -> NDArray[np.int64]:
    one_kind = np.zeros_like(instants_ns)
    counts: NDArray[np.int64] = binned(instants_ns, one_kind, [0], edges_ns)[0]
    return counts


def multiples(explanation: Explanation) -> tuple[str, list[str]]:
    """Return a caption, and a panel for the incident and for each change.

    All show the time of the incident's largest stampede, of the story's seed.
    """
    if not len(explanation.outcomes.request_rows.request):
        return "", []
    view = largest_stampede(explanation.outcomes)
    edges_ns = bin_edges_ns(view, _FEWEST_BINS)
    panels = [_Panel("as it happened", explanation.outcomes, edges_ns)]
    panels += [
        _Panel(one.label, run(one.scenario, seed=explanation.seed), edges_ns)
        for one in explanation.counterfactuals
    ]
    top = max(1, *(panel.top for panel in panels))
    width = spaced_duration(int(edges_ns[1] - edges_ns[0]))
    span = spaced_duration(int(edges_ns[-1] - edges_ns[0]))
    caption = (
        f"Seed {explanation.seed}, the same {span} under each change: arrivals (pale),"
        f" origin calls, refused ones (red), each bar {width}; the number is of calls."
    )
    return caption, [panel.drawn(top) for panel in panels]
