"""What happens in each time bin."""

import numpy as np

from simcoalesce.outcomes import Lookup
from simcoalesce.report.rows.over_time import (
    calls_per_s,
    errors_per_s,
    hit_ratios,
    percentiles_s,
)
from tests.unit.report.builders import MS, S, calls_of, outcomes_of

HALVES_NS = np.arange(3) * 500 * MS
"""Two bins of half a second."""


def test_a_rate_is_of_a_second_whatever_the_bin() -> None:
    """Two calls in half a second, one of them refused, and then one."""
    calls = calls_of([0, 1, 2], [0, 1, 600 * MS], [1 * S] * 3, [200, 429, 200])

    assert calls_per_s(calls, HALVES_NS).tolist() == [[2, 2], [2, 0]]


def test_errors_count_when_they_are_told() -> None:
    """A request of the first half that fails in the second."""
    outcomes = outcomes_of([0, 100 * MS], latency_ns=[5 * MS, 700 * MS], status=503)

    assert errors_per_s(outcomes, HALVES_NS).tolist() == [[0, 0], [2, 2]]


def test_a_bin_without_lookups_has_no_hit_ratio() -> None:
    """A bypass asks no cache."""
    lookup = np.array([Lookup.HIT, Lookup.MISS, Lookup.BYPASS])
    outcomes = outcomes_of([0, 1, 600 * MS], lookup=lookup)

    first, second = hit_ratios(outcomes, HALVES_NS).tolist()

    assert first == 0.5
    assert np.isnan(second)


def test_a_percentile_is_of_the_answers_that_arrived_in_the_bin() -> None:
    """Two of them have a median; one has none."""
    outcomes = outcomes_of([0, 1, 600 * MS], latency_ns=[5 * MS, 9 * MS, 7 * MS])

    first, second = percentiles_s(outcomes, 50, HALVES_NS).tolist()

    assert first == 0.005
    assert np.isnan(second)
