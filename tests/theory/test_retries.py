"""Retries multiply the load: closed form F13 of docs/theory.md."""

import numpy as np
import pytest

from simcoalesce.model.layer import Layer
from tests.builders import (
    a_path,
    an_origin,
    even,
    hits,
    simulated,
    standard_errors,
    statuses,
)


def retried(probability: float, attempts: int) -> list[Layer]:
    """Return a path whose origin fails with a probability, and is asked again."""
    fault = {"kind": "random", "probability": probability}
    return a_path({"retry": {"attempts": attempts}}, an_origin("1ms", faults=[fault]))


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("attempts", [2, 4])
def test_offered_load_is_a_geometric_sum(probability: float, attempts: int) -> None:
    """Calls per request: the sum of p^k for k < r."""
    outcomes = simulated(retried(probability, attempts), even(5_000, 1_000))
    calls = np.bincount(outcomes.origin_rows.request)

    # Requests are independent: 4 standard errors of 5,000.
    expected = sum(probability**k for k in range(attempts))
    assert standard_errors(calls.tolist(), expected) < 4


def test_what_still_fails_has_failed_every_time() -> None:
    """A share of p^r."""
    outcomes = simulated(retried(0.5, 3), even(5_000, 1_000))
    failed = np.array(statuses(outcomes)) == 500

    # Binomial: 4 standard errors of 5,000.
    assert standard_errors(failed.tolist(), 0.5**3) < 4


def test_an_origin_that_is_down_gets_everything_as_often_as_it_is_tried() -> None:
    """With p = 1 the load is r-fold."""
    assert hits(simulated(retried(1.0, 5), even(100, 1_000))) == 500
