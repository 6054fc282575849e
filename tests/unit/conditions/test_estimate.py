"""Estimates: exact t quantiles, honest about what is missing, the same every time."""

from math import inf, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.student_t import t_quantile

_VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 29, 30, 99, 999, 1_000, 100_000])
def test_the_quantile_is_that_of_student(freedom: int) -> None:
    """Computed without SciPy, right to nine digits of SciPy's."""
    expected = stats.t.ppf(0.975, freedom)

    assert t_quantile(freedom) == pytest.approx(expected, rel=2e-9)


def test_no_freedom_is_refused() -> None:
    """One replication has no degree of freedom."""
    with pytest.raises(ValueError, match="two replications have one"):
        t_quantile(0)


def test_the_interval_is_student_s() -> None:
    """Mean +- t sd / sqrt(n), with the sample standard deviation."""
    known = estimate([1.0, 2.0, 3.0, 6.0], unit="1")
    half = stats.t.ppf(0.975, 3) * known.sd / sqrt(4)

    assert (known.mean, known.n) == (3.0, 4)
    assert known.sd == pytest.approx(sqrt(14 / 3))
    assert (known.low, known.high) == pytest.approx((3 - half, 3 + half))


def test_one_replication_has_no_interval() -> None:
    """One seed: a value, and nothing about its spread."""
    assert estimate([7], unit="1") == Estimate(7.0, None, None, None, 1, "1")


def test_equal_values_have_an_interval_without_width() -> None:
    """0.1 thirty times has the mean 0.1, exactly."""
    known = estimate([0.1] * 30, unit="ratio")

    assert (known.mean, known.sd, known.low, known.high) == (0.1, 0.0, 0.1, 0.1)


def test_a_count_that_is_mostly_zero_is_above_zero() -> None:
    """One run of 30: its exact lower bound is 0.084 %, times the 6 that it had."""
    known = estimate([0.0] * 29 + [6.0], unit="1", is_positive=True)
    change = estimate([0.0] * 29 + [6.0], unit="1")

    assert known.mean == 0.2
    assert known.low == pytest.approx(6 * (1 - 0.975 ** (1 / 30)), rel=1e-6)
    assert known.high is not None
    assert known.high > 1
    assert known.half_width == known.high - known.mean
    assert change.low is not None
    assert change.low < 0


def test_missing_values_are_not_zeros() -> None:
    """The mean is of the replications that have the metric, and says so."""
    known = estimate([4, None, 6], unit="s", missing="the origin refused no call")

    assert (known.mean, known.n) == (5.0, 2)
    assert known.reason == "the origin refused no call in 1 of 3 replications"


def test_a_metric_that_no_replication_has_is_none_with_a_reason() -> None:
    """Not zero, not nan: None, and why."""
    known = estimate([None, None], unit="s", missing="the origin refused no call")

    assert (known.mean, known.low, known.n) == (None, None, 0)
    assert known.reason == "the origin refused no call in 2 of 2 replications"


@given(_VALUES, st.randoms(use_true_random=False))
def test_the_order_of_replications_does_not_matter(
    values: list[float],
    shuffler: "st.random.Random",  # type: ignore[name-defined]
) -> None:
    """Exact sums make the same bytes, whoever finished first."""
    shuffled = list(values)
    shuffler.shuffle(shuffled)

    assert estimate(shuffled, unit="1") == estimate(values, unit="1")


@given(_VALUES)
def test_the_mean_lies_in_its_interval(values: list[float]) -> None:
    """Low <= mean <= high."""
    known = estimate(values, unit="1")

    assert known.low is not None
    assert known.high is not None
    assert known.mean is not None
    assert known.low <= known.mean <= known.high


def test_a_missing_estimate_documents_null_with_a_reason() -> None:
    """The result document says why there is no number."""
    document = estimate([None], unit="s", missing="no call").document()

    assert (document["mean"], document["ci95"]) == (None, None)
    assert document["reason"] == "no call in 1 of 1 replications"


def test_an_estimate_documents_its_interval() -> None:
    """The result document has mean, sd, ci95, n and unit, and no empty reason."""
    document = estimate([3, 3], unit="1").document()

    assert document == {"mean": 3, "sd": 0, "ci95": [3, 3], "n": 2, "unit": "1"}


def test_an_instant_that_some_runs_never_reach_has_an_interval_without_end() -> None:
    """The mean is of those that reach it; the document has no number for never."""
    known = estimate([1.0, 3.0, inf], unit="s")

    assert (known.mean, known.n, known.high) == (2.0, 2, inf)
    assert known.low == estimate([1.0, 3.0], unit="s").low
    assert known.document()["ci95"] is None


def test_an_instant_that_no_run_reaches_is_later_than_any() -> None:
    """Its interval is never, and nothing else."""
    known = estimate([inf, inf], unit="s")

    assert (known.mean, known.low, known.high, known.n) == (None, inf, inf, 2)
