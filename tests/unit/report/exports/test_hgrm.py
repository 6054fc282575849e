"""Histograms: percentiles, as HdrHistogram prints them."""

import numpy as np
import pytest

from simcoalesce.experiment.result import Result
from simcoalesce.metrics.latency import answered_ns
from simcoalesce.report.exports.hgrm import Hgrm


def test_the_percentiles_of_a_histogram_are_exact(result: Result) -> None:
    """Each value is that of the sorted latencies, each count how many reach it."""
    latencies = np.sort(answered_ns(result.outcomes)) / 1e6
    rows = [line.split() for line in Hgrm().text(result).splitlines()[2:-3]]

    for value, share, reached, *_ in rows:
        rank = max(int(np.ceil(float(share) * len(latencies) - 1e-6)), 1)
        assert float(value) == pytest.approx(latencies[rank - 1], abs=1e-3)
        assert int(reached) >= rank
    assert float(rows[-1][1]) == 1.0


def test_a_histogram_has_five_ticks_for_each_halving(result: Result) -> None:
    """0, 0.1, ... 0.5, 0.55, ... 0.75, 0.775: as HdrHistogram's own."""
    rows = [line.split() for line in Hgrm().text(result).splitlines()[2:-3]]
    shares = [float(row[1]) for row in rows[:12]]

    expected = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.775]
    assert shares == pytest.approx(expected)
