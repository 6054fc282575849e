"""A sample of the parameters that explain arrivals."""

import numpy as np
import pytest

from simcoalesce.fit.arrivals.metropolis import sampled
from simcoalesce.fit.arrivals.model_kinds import SteadyModel
from simcoalesce.fit.arrivals.observed_arrivals import ObservedArrivals

OBSERVED = ObservedArrivals.of(np.arange(401) / 10)
MODEL = SteadyModel([7.0], OBSERVED.ends_s)


def test_the_sample_is_that_of_the_posterior() -> None:
    """400 arrivals in 40.1 s: a gamma distribution, mean 9.97, sd 0.5."""
    tuned = sampled(MODEL, OBSERVED, 300)
    found = sampled(MODEL, OBSERVED, 4_000, tuned)

    assert found.rows.mean() == pytest.approx(400 / 40.1, abs=0.1)
    assert found.rows.std() == pytest.approx(0.5, abs=0.08)
    assert found.best[0] == pytest.approx(400 / 40.1, abs=0.02)


def test_the_same_arrivals_give_the_same_sample() -> None:
    """Chance is that of a named stream."""
    one, other = (sampled(MODEL, OBSERVED, 60).rows for _ in range(2))

    assert (one == other).all()


def test_likely_rows_are_those_that_a_test_would_not_reject() -> None:
    """About 95 % of them, with one parameter."""
    tuned = sampled(MODEL, OBSERVED, 300)
    found = sampled(MODEL, OBSERVED, 2_000, tuned)

    assert found.is_likely.mean() == pytest.approx(0.95, abs=0.03)


def test_a_parameter_more_costs_the_logarithm_of_the_arrivals() -> None:
    """The Bayesian information criterion."""
    found = sampled(MODEL, OBSERVED, 60)

    assert found.bic(400) == pytest.approx(-2 * found.most + np.log(400))
