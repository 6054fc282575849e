"""Latencies: the headline tells answers and errors apart."""

import numpy as np

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.pictures.latency_ecdf import LatencyEcdf
from tests.unit.report.builders import MS, outcomes_of


def test_errors_are_told_apart_from_answers() -> None:
    """A quick refusal does not make an answer quick."""
    is_refused = np.arange(400) < 200
    outcomes = outcomes_of(
        np.arange(400) * MS,
        latency_ns=np.where(is_refused, 15 * MS, 205 * MS),
        status=np.where(is_refused, 429, 200),
    )

    assert LatencyEcdf().headline(RunView(outcomes)) == (
        "Answered requests wait 205 ms; errors come after 15 ms"
    )
