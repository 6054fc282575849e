"""Time bins."""

import numpy as np

from simcoalesce.report.rows.bins import bin_edges_ns, binned
from simcoalesce.report.rows.viewport import whole_run
from tests.unit.report.builders import MS, outcomes_of


def test_bins_cover_the_view_from_a_round_instant() -> None:
    """Edges are multiples of the width, the first at or before the first arrival."""
    edges = bin_edges_ns(whole_run(outcomes_of([13 * MS, 413 * MS])))

    assert edges[0] == 10 * MS
    assert edges[-1] > 418 * MS
    assert set(np.diff(edges).tolist()) == {10 * MS}


def test_there_are_always_thirty_bins_or_more() -> None:
    """Also for a run of one request that takes no time."""
    assert len(bin_edges_ns(whole_run(outcomes_of([0], latency_ns=0)))) > 30


def test_bins_are_half_open() -> None:
    """An arrival on an edge belongs to the bin that begins there."""
    counts = binned(
        np.array([0, 9, 10, 19, 20]), np.zeros(5, int), [0], np.array([0, 10, 20])
    )

    assert counts.tolist() == [[2, 2]]


def test_kinds_are_counted_apart() -> None:
    """One row for each kind."""
    counts = binned(np.array([0, 5, 5]), np.array([1, 2, 2]), [1, 2], np.array([0, 10]))

    assert counts.tolist() == [[1], [2]]
