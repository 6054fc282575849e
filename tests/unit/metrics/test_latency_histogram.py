"""Waits are exact while there are few, and within 0.05 % when there are many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from simcoalesce.metrics.latency import PERCENTILES, percentile_s
from simcoalesce.metrics.latency_histogram import LatencyHistogram

Latencies = NDArray[np.int64]

_LATENCIES = arrays(np.int64, st.integers(100, 400), elements=st.integers(0, 10**15))


def _waits(latencies: Latencies, *, cut: int, exact: int) -> LatencyHistogram:
    waits = LatencyHistogram(exact)
    waits.add(latencies[:cut])
    waits.add(latencies[cut:])
    return waits


@given(_LATENCIES, st.integers(0, 400), st.sampled_from(PERCENTILES))
def test_few_latencies_have_exact_percentiles(
    latencies: Latencies, cut: int, percent: float
) -> None:
    """However they were cut, the percentile is that of all."""
    waits = _waits(latencies, cut=cut, exact=len(latencies))

    assert waits.percentile_s(percent) == percentile_s(latencies, percent)


@given(st.permutations(PERCENTILES), st.sampled_from([1, 7, 4_999]))
def test_percentiles_do_not_depend_on_which_was_asked_for_before(
    asked: list[float], apart: int
) -> None:
    """Of 5,000 latencies: all differ, seven at a time are equal, or nearly all are."""
    latencies = np.arange(5_000) * 1_009 % 5_003 // apart
    waits = _waits(latencies, cut=1_234, exact=5_000)

    found = {percent: waits.percentile_s(percent) for percent in asked}

    in_order = np.sort(latencies)
    ranks = {50: 2_500, 90: 4_500, 95: 4_750, 99: 4_950, 99.9: 4_995}
    assert found == {percent: in_order[ranks[percent] - 1] / 1e9 for percent in asked}


@given(_LATENCIES, st.integers(0, 400), st.sampled_from(PERCENTILES))
def test_many_latencies_have_percentiles_within_a_thousandth(
    latencies: Latencies, cut: int, percent: float
) -> None:
    """A bin is at most 2^-10 of its lower end wide, and answers with its middle."""
    many = np.resize(latencies, 1_000)
    waits = _waits(many, cut=cut, exact=99)

    assert waits.percentile_s(percent) == pytest.approx(
        percentile_s(many, percent), rel=0.0005, abs=0
    )


@given(_LATENCIES)
def test_the_longest_is_exact_and_no_percentile_exceeds_it(
    latencies: Latencies,
) -> None:
    """The middle of the last bin may lie above the longest latency."""
    waits = _waits(latencies, cut=50, exact=0)
    highest = waits.percentile_s(99)

    assert waits.longest_s == int(latencies.max()) / 1e9
    assert highest is not None
    assert highest <= waits.longest_s


@given(_LATENCIES, st.integers(0, 400), st.sampled_from([0, 150, 1_000]))
def test_waits_of_two_are_those_of_all(
    latencies: Latencies, cut: int, exact: int
) -> None:
    """Whether the parts, or only the whole, or neither, are in bins."""
    whole, part, other = (
        LatencyHistogram(exact),
        LatencyHistogram(exact),
        LatencyHistogram(exact),
    )
    whole.add(latencies)
    part.add(latencies[:cut])
    other.add(latencies[cut:])

    part.absorb(other)

    percentiles = [
        [waits.percentile_s(p) for p in PERCENTILES] for waits in (part, whole)
    ]
    assert percentiles[0] == percentiles[1]
    assert (part.count, part.longest_s) == (whole.count, whole.longest_s)


def test_binned_waits_support_no_more_percentiles_than_exact_ones() -> None:
    """One latency fewer than n (1 - p) = 1 gives none."""
    waits = _waits(np.arange(99), cut=7, exact=0)

    assert (waits.percentile_s(99), waits.percentile_s(95)) != (None, None)
    assert waits.percentile_s(99) is None
