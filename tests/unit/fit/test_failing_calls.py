"""Outages."""

import numpy as np

from simcoalesce.fit.failing_calls import failing_runs


def test_an_outage_begins_and_ends_halfway() -> None:
    """Calls each second; those at 3 to 8 s fail."""
    at_s = np.arange(12.0)
    (run,) = failing_runs(at_s, (at_s >= 3) & (at_s <= 8))

    assert (run.from_s, run.until_s, run.is_over) == (2.5, 8.5, True)


def test_a_few_failures_are_no_outage() -> None:
    """Four in a row."""
    at_s = np.arange(12.0)

    assert failing_runs(at_s, (at_s >= 3) & (at_s <= 6)) == []


def test_an_outage_may_go_on_at_the_end_of_a_log() -> None:
    """Nobody knows when it ended."""
    at_s = np.arange(12.0)
    (run,) = failing_runs(at_s, at_s >= 3)

    assert not run.is_over
