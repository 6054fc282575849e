"""Percentiles are exact, never above the maximum, and only where supported."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from simcoalesce.metrics import METRICS, latency, measure
from simcoalesce.outcomes import Outcomes
from simcoalesce.units import NS_PER_S

ARun = Callable[..., Outcomes]
Latencies = NDArray[np.int64]

_LATENCIES = arrays(np.int64, st.integers(100, 400), elements=st.integers(0, 10**12))


@given(_LATENCIES, st.sampled_from(latency.PERCENTILES))
def test_a_percentile_inverts_the_empirical_cdf(
    latencies: Latencies, percent: float
) -> None:
    """It equals NumPy's inverted_cdf, in seconds."""
    many = np.resize(latencies, 1_000)
    expected = np.percentile(many, percent, method="inverted_cdf")

    assert latency.percentile_s(many, percent) == expected / NS_PER_S


@given(_LATENCIES, st.sampled_from(latency.PERCENTILES))
def test_no_percentile_exceeds_the_maximum(
    latencies: Latencies, percent: float
) -> None:
    """P <= max, whatever the sample."""
    value = latency.percentile_s(np.resize(latencies, 1_000), percent)

    assert value is not None
    assert value <= int(latencies.max()) / NS_PER_S


@pytest.mark.parametrize(
    ("percent", "fewest"),
    [(0, 1), (50, 2), (90, 10), (95, 20), (99, 100), (99.9, 1_000)],
)
def test_a_percentile_needs_a_sample_that_reaches_beyond_it(
    percent: float, fewest: int
) -> None:
    """One latency fewer than n (1 - p) = 1 gives none."""
    latencies = np.arange(fewest)

    assert latency.percentile_s(latencies, percent) is not None
    assert latency.percentile_s(latencies[1:], percent) is None


def test_answered_requests_and_errors_are_apart(a_run: ARun) -> None:
    """A quick refusal does not make answers look quick."""
    quick = [{"latency": NS_PER_S, "status": 429}] * 2
    run = a_run(requests=[{"latency": 3 * NS_PER_S}] * 2 + quick)

    measured = measure(run)

    assert (measured["latency_p50_s"], measured["latency_error_p50_s"]) == (3.0, 1.0)


def test_the_maximum_is_of_answered_requests(a_run: ARun) -> None:
    """An error that took longer has a maximum of its own."""
    slow = {"latency": 9 * NS_PER_S, "status": 504}
    run = a_run(requests=[{"latency": NS_PER_S}, slow])
    measured = measure(run)

    assert (measured["latency_max_s"], measured["latency_error_max_s"]) == (1.0, 9.0)


def test_without_answers_there_is_no_maximum(a_run: ARun) -> None:
    """The longest of no latencies is None."""
    assert measure(a_run())["latency_max_s"] is None


def test_percentiles_of_all_requests_count_errors_too(a_run: ARun) -> None:
    """Three answers of 3 s and seven refusals of 1 s: most waited 1 s."""
    quick = [{"latency": NS_PER_S, "status": 429}] * 7
    measured = measure(a_run(requests=[{"latency": 3 * NS_PER_S}] * 3 + quick))

    names = ("latency_p50_s", "latency_all_p50_s", "latency_all_p90_s")
    assert [measured[name] for name in names] == [3.0, 1.0, 3.0]
    assert measured["latency_all_max_s"] == 3.0


def test_the_999th_of_a_thousand_is_the_last_but_one(a_run: ARun) -> None:
    """Latencies of 1 to 1,000 s: 99.9 % do not exceed 999 s."""
    requests = [{"latency": second * NS_PER_S} for second in range(1, 1_001)]

    assert measure(a_run(requests=requests))["latency_p999_s"] == 999.0


def test_the_reason_says_how_many_requests_are_needed() -> None:
    """A percentile that the sample cannot support tells what would."""
    reason = METRICS["latency_p99_s"].missing

    assert reason == "fewer than 100 requests were answered"
