"""Distributions: what is drawn has the mean and the quantiles that were asked for."""

from math import exp, log, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError
from scipy import stats  # type: ignore[import-untyped]

from simcoalesce.distribution import Distribution, Latency
from simcoalesce.sampler import Quantiles, looked_up

LATENCY: TypeAdapter[Any] = TypeAdapter(Latency)
MS = 1_000_000
IDS = np.arange(200_000)
SIGMA = log(5) / stats.norm.ppf(0.99)

FORMS: list[tuple[Any, Any]] = [
    ({"exponential": "80ms"}, stats.expon(scale=80 * MS)),
    ({"uniform": ["60ms", "90ms"]}, stats.uniform(60 * MS, 30 * MS)),
    ({"median": "80ms", "p99": "400ms"}, stats.lognorm(SIGMA, scale=80 * MS)),
    (
        {"mean": "80ms", "cv": 0.5},
        stats.lognorm(sqrt(log(1.25)), scale=80 * MS / sqrt(1.25)),
    ),
]


def a_distribution(written: Any, folder: Path | None = None) -> Distribution:
    """Return a latency, written as a scenario writes it."""
    distribution: Distribution = LATENCY.validate_python(
        written, context={"folder": folder}
    )
    return distribution


def drawn(written: Any) -> NDArray[np.int64]:
    """Return 200,000 draws."""
    sampler = a_distribution(written).sampler(1, "test")
    assert isinstance(sampler, Quantiles)
    return sampler.draw_many(IDS)


def test_a_constant_is_always_the_same() -> None:
    """Exactly, and it says so."""
    sampler = a_distribution("80ms").sampler(1, "test")

    assert {sampler.draw(request) for request in range(100)} == {80 * MS}
    assert sampler.constant_ns == 80 * MS


@pytest.mark.parametrize(("written", "true"), FORMS)
def test_the_mean_is_the_one_asked_for(written: Any, true: Any) -> None:
    """Of the table to a ten-thousandth, of the draws within 4 standard errors."""
    mean_ns = a_distribution(written).expected_ns

    assert mean_ns == pytest.approx(true.mean(), rel=1e-4)
    standard_error = true.std() / np.sqrt(len(IDS))
    assert abs(drawn(written).mean() - true.mean()) < 4 * standard_error


@pytest.mark.parametrize(("written", "true"), FORMS)
@pytest.mark.parametrize("tail", [0.95, 0.5, 0.1, 0.01, 0.0001, 1e-9])
def test_the_quantiles_are_the_ones_asked_for(
    written: Any, true: Any, tail: float
) -> None:
    """Far into the upper tail, to a ten-thousandth."""
    bits = np.array([round(tail * 2**53) << 11], dtype=np.uint64)
    value_ns = looked_up(a_distribution(written).quantiles_ns(), bits)[0]

    assert value_ns == pytest.approx(true.isf(tail), rel=1e-4)


@pytest.mark.parametrize(("written", "true"), FORMS)
def test_draws_follow_their_distribution(written: Any, true: Any) -> None:
    """Kolmogorov-Smirnov of 200,000 draws; a wrong one fails with p near 0."""
    assert stats.kstest(drawn(written), true.cdf).pvalue > 1e-4


@pytest.mark.parametrize("shape", [0.5, 1, 3, 10])
def test_a_weibull_has_its_mean_and_its_quantiles(shape: float) -> None:
    """The mean to a thousandth, since below the lowest 256th it is a straight line."""
    weibull = a_distribution({"weibull": "80ms", "shape": shape})
    true = stats.weibull_min(shape, scale=80 * MS)
    tails = np.array([0.9, 0.5, 0.1, 0.01, 0.0001, 1e-9])
    bits = np.array([round(tail * 2**53) << 11 for tail in tails], dtype=np.uint64)

    assert weibull.expected_ns == pytest.approx(true.mean(), rel=1e-3)
    values_ns = looked_up(weibull.quantiles_ns(), bits)
    assert values_ns == pytest.approx(true.isf(tails), rel=1e-3)


MIXED: dict[str, Any] = {
    "mixture": [
        {"share": "30%", "takes": "1s"},
        {"share": "70%", "takes": {"median": "8s", "p99": "30s"}},
    ]
}


def test_a_mixture_draws_each_of_its_parts_by_its_share() -> None:
    """30 % take a second to the nanosecond; 4 standard errors are 0.4 %."""
    seconds = drawn(MIXED) / 1e9
    patient = stats.lognorm(log(30 / 8) / stats.norm.ppf(0.99), scale=8)

    assert np.mean(seconds == 1.0) == pytest.approx(0.3, abs=0.01)
    for late_s in (2, 4, 8, 16, 30):
        share = 0.7 * patient.sf(late_s)
        assert np.mean(seconds > late_s) == pytest.approx(share, abs=0.005)


def test_the_mean_of_a_mixture_is_that_of_its_parts() -> None:
    """Each by its share, whichever comes first."""
    parts = MIXED["mixture"]
    one, other = (a_distribution(part["takes"]).expected_ns for part in parts)
    mixed = [a_distribution({"mixture": order}) for order in (parts, parts[::-1])]

    assert mixed[0].expected_ns == pytest.approx(0.3 * one + 0.7 * other, rel=1e-3)
    assert np.array_equal(mixed[0].quantiles_ns(), mixed[1].quantiles_ns())


def test_a_mixture_of_one_is_that_one() -> None:
    """To the nanosecond's rounding."""
    alone = {"exponential": "80ms"}
    mixed = a_distribution({"mixture": [{"share": "100%", "takes": alone}]})
    gap = mixed.quantiles_ns() - a_distribution(alone).quantiles_ns()

    assert np.abs(gap).max() <= 1


def test_a_spread_of_nothing_is_constant() -> None:
    """{mean: 80ms, cv: 0} is 80 ms."""
    assert set(drawn({"mean": "80ms", "cv": 0})) == {80 * MS}


def test_an_empirical_latency_draws_what_the_file_holds(tmp_path: Path) -> None:
    """Between its least and its greatest value, with its median."""
    (tmp_path / "recorded.csv").write_text("latency_ms\n10\n20\n60\n", "utf-8")
    distribution = a_distribution({"empirical": "recorded.csv"}, tmp_path)
    sampler = distribution.sampler(1, "test")
    draws = np.array([sampler.draw(request) for request in range(20_000)]) / MS

    assert (draws.min() >= 10, draws.max() <= 60) == (True, True)
    # The density at the median is 1/80 ... 1/20 per ms: 4 standard errors.
    assert np.median(draws) == pytest.approx(20, abs=4 * 0.5 * 80 / np.sqrt(20_000))


def test_a_replayed_latency_comes_in_order_and_begins_again(tmp_path: Path) -> None:
    """Call by call, whoever makes it."""
    (tmp_path / "recorded.csv").write_text("latency_ms\n10\n20\n60\n", "utf-8")
    sampler = a_distribution({"replay": "recorded.csv"}, tmp_path).sampler(1, "test")

    assert [sampler.draw(9) // MS for _ in range(5)] == [10, 20, 60, 10, 20]


@pytest.mark.parametrize(
    "written",
    [
        {"median": "80ms", "p99": "79ms"},
        {"median": "0ms", "p99": "79ms"},
        {"median": "80ms"},
        {"uniform": ["2ms", "1ms"]},
        {"uniform": ["2ms"]},
        {"mean": "80ms", "cv": -1},
        {"exponential": "0s"},
        {"exponential": "80ms", "median": "80ms"},
        {"normal": "80ms"},
        {"weibull": "80ms"},
        {"weibull": "80ms", "shape": 0.1},
        {"mixture": []},
        {"mixture": [{"share": "50%", "takes": "1s"}]},
        {},
        80,
        "fast",
        ["80ms"],
        None,
    ],
)
def test_what_is_no_latency_is_refused(written: Any) -> None:
    """Impossible, incomplete, unknown, or without a unit."""
    with pytest.raises(ValidationError):
        a_distribution(written)


@pytest.mark.parametrize("written", ["80ms", *(form[0] for form in FORMS)])
def test_a_latency_can_be_read_as_it_is_written(written: Any) -> None:
    """Its document is what the scenario said."""
    distribution = a_distribution(written)
    document = LATENCY.dump_python(distribution, mode="json", by_alias=True)

    assert a_distribution(document) == distribution


def test_the_upper_tail_is_that_of_the_lognormal() -> None:
    """One draw in a thousand is above median * exp(sigma * 3.09)."""
    draws = drawn({"median": "80ms", "p99": "400ms"})
    above = (draws > 80 * MS * exp(SIGMA * 3.0902)).sum()

    # Binomial(200,000, 0.001): 4 standard errors are 57.
    assert abs(above - 200) <= 57


@pytest.mark.parametrize("form", ["empirical", "replay"])
def test_a_recorded_latency_has_a_mean(tmp_path: Path, form: str) -> None:
    """Of 10, 20 and 60 ms, in straight lines between them."""
    (tmp_path / "recorded.csv").write_text("latency_ms\n10\n20\n60\n", "utf-8")
    distribution = a_distribution({form: "recorded.csv"}, tmp_path)

    assert distribution.expected_ns / MS == pytest.approx((15 + 40) / 2, rel=1e-3)


def test_an_idea_is_no_distribution() -> None:
    """Each form says what its quantiles are."""
    with pytest.raises(NotImplementedError):
        Distribution().quantiles_ns()
