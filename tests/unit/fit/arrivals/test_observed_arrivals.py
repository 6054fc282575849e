"""Observed arrivals: instants, or counts where stamps are coarse."""

import numpy as np
import pytest

from simcoalesce.fit.arrivals.model_kinds import BurstModel, SteadyModel
from simcoalesce.fit.arrivals.observed_arrivals import ObservedArrivals


def test_the_best_rate_is_the_number_over_the_time() -> None:
    """Of 101 arrivals the first is t = 0; 100 come within 10.1 s."""
    observed = ObservedArrivals.of(np.arange(101) / 10)
    model = SteadyModel([1.0], observed.ends_s)

    found = [model.log_likelihood(observed, np.array([r])) for r in (9.8, 9.9, 10.0)]

    assert observed.events == 100
    assert observed.ends_s == pytest.approx(10.1)
    assert found[1] == max(found)


def test_coarse_stamps_are_counted_in_cells() -> None:
    """A stamp of a second is a time of one second."""
    observed = ObservedArrivals.of(np.array([0.0, 0.0, 1.0, 3.0]), stamp_s=1.0)

    assert observed.counts.tolist() == [2, 1, 0, 1]
    assert observed.ends_s == 4.0
    assert observed.events == 4


def test_an_edge_may_lie_within_a_cell() -> None:
    """40 of a burst's requests come in one second, 20 in the next: it began at 5.5."""
    counts = [1] * 5 + [21, 41, 1, 1, 1]
    at_s = np.repeat(np.arange(10.0), counts)
    observed = ObservedArrivals.of(at_s, stamp_s=1.0)
    model = BurstModel([1.0, 5.5, 1.5, 60.0], 10.0, ["uniform"])

    likely = {
        begins: model.log_likelihood(
            observed, np.array([1.0, begins, 7 - begins, 60.0])
        )
        for begins in (5.1, 5.3, 5.5, 5.7, 5.9)
    }

    assert max(likely, key=lambda one: likely[one]) == 5.5


def test_bins_hold_all_arrivals() -> None:
    """Of instants and of cells; a remainder of cells is left out."""
    at_s = np.linspace(0, 99.9, 1_000)
    fine, coarse = ObservedArrivals.of(at_s), ObservedArrivals.of(np.floor(at_s), 1.0)

    assert fine.in_bins(1.0)[0].sum() == fine.events == 999
    assert coarse.in_bins(10.0)[0].tolist() == [100] * 10


def test_what_came_around_a_time_covers_the_cells_that_it_touches() -> None:
    """From 2.5 s to 4.2 s: the cells 2, 3 and 4."""
    observed = ObservedArrivals.of(np.repeat(np.arange(10.0), range(1, 11)), 1.0)
    fine = ObservedArrivals.of(np.arange(11) / 10)

    assert observed.around(2.5, 4.2) == (3 + 4 + 5, 3.0)
    assert fine.around(0.25, 0.65) == pytest.approx((4.0, 0.4))
