"""The tail plot: no further than the count of requests allows."""

import numpy as np
from matplotlib.figure import Figure

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.pictures.latency_tail import LatencyTail
from tests.unit.report.builders import MS, outcomes_of

HUNDRED = RunView(outcomes_of(np.arange(100), latency_ns=(1 + np.arange(100)) * MS))


def test_a_line_ends_with_the_last_percentile_that_is_known() -> None:
    """One of a hundred answers lies beyond p99, none beyond p99.9."""
    ax = Figure().subplots()
    LatencyTail().draw(HUNDRED, ax)

    names = [text.get_text() for text in ax.get_xticklabels()]

    assert names == ["p0", "p50", "p90", "p99"]
    assert np.asarray(ax.lines[0].get_xdata())[-1] == 100
    assert np.asarray(ax.lines[0].get_ydata())[-1] == 99


def test_the_tail_is_told_by_percentiles_with_a_name() -> None:
    """The middle and the last two."""
    assert LatencyTail().headline(HUNDRED) == (
        "Answered requests wait 50 ms at p50, 90 ms at p90, 99 ms at p99"
    )
