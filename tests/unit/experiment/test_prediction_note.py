"""Prediction: the interval of one further run."""

import pytest

from simcoalesce.conditions.estimate import estimate
from simcoalesce.experiment.prediction_note import prediction_interval, prediction_note


def test_one_further_run_lies_in_a_wider_interval_than_the_mean() -> None:
    """Of 8, 10 and 12: sd 2, t(2) = 4.303; 10 +- 4.303 * 2 * sqrt(4 / 3) = 9.937."""
    known = estimate([18.0, 20.0, 22.0], unit="1")

    assert prediction_interval(known) == pytest.approx((10.063, 29.937), abs=1e-3)


def test_no_metric_is_foretold_below_zero() -> None:
    """Of 0 and 2 it would reach below."""
    interval = prediction_interval(estimate([0.0, 2.0], unit="1"))

    assert interval is not None
    assert interval[0] == 0


def test_one_run_foretells_nothing() -> None:
    """It has no spread."""
    assert prediction_note({"errors": estimate([3.0], unit="1")}) == ""


def test_the_note_names_what_matters() -> None:
    """Large numbers are whole."""
    estimates = {"origin_hits": estimate([1_000.0, 1_000.0], unit="1")}

    note = prediction_note(estimates)

    assert note == "95 % of such runs: origin_hits 1,000 to 1,000"
