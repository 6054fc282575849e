"""Chance: pure functions of (seed, stream, request, attempt)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.randomness import Stream

IDS = np.arange(100_000)


def test_a_draw_is_the_same_number_for_ever() -> None:
    """A change here changes every result: it would have to be said so."""
    stream = Stream(1, "origin.latency")

    assert [stream.bits(0), stream.bits(1), stream.bits(0, 1)] == [
        15732965323863540660,
        5317600251390905996,
        6868335731770637662,
    ]


def test_a_draw_has_no_memory() -> None:
    """Whatever was drawn before, and in whatever order."""
    stream = Stream(1, "x")
    forwards = [stream.bits(request) for request in range(50)]
    backwards = [stream.bits(request) for request in reversed(range(50))]

    assert forwards == backwards[::-1]


@pytest.mark.parametrize("other", [Stream(2, "x"), Stream(1, "y"), Stream(12, "x")])
def test_seeds_and_streams_draw_apart(other: Stream) -> None:
    """No two numbers of a thousand agree."""
    one = Stream(1, "x").bits_of(IDS[:1_000])

    assert not np.isin(one, other.bits_of(IDS[:1_000])).any()


def test_attempts_draw_apart() -> None:
    """A thousand attempts of ten requests are ten thousand numbers."""
    stream = Stream(1, "x")
    draws = {stream.bits(request, a) for request in range(10) for a in range(1_000)}

    assert len(draws) == 10_000


@given(seed=st.integers(0, 2**63), requests=st.lists(st.integers(0, 2**40), max_size=9))
def test_many_draws_are_the_same_as_one_by_one(seed: int, requests: list[int]) -> None:
    """So that an engine in bulk agrees with one that is not."""
    stream, ids = Stream(seed, "x"), np.array(requests, dtype=np.int64)

    assert stream.bits_of(ids).tolist() == [stream.bits(id_) for id_ in requests]
    assert stream.uniforms(ids).tolist() == [stream.uniform(id_) for id_ in requests]


def test_uniforms_are_uniform() -> None:
    """Chi-square of 100,000 draws in 100 cells."""
    counts = np.histogram(Stream(3, "x").uniforms(IDS), bins=100, range=(0, 1))[0]
    chi_square = float(((counts - 1_000) ** 2 / 1_000).sum())

    # Chi-square with 99 degrees of freedom: standard deviation sqrt(2 * 99).
    assert abs(chi_square - 99) < 4 * np.sqrt(2 * 99)


def test_neighbours_are_not_correlated() -> None:
    """Neither requests that follow each other, nor two streams of a request."""
    one, other = Stream(3, "x").uniforms(IDS), Stream(3, "y").uniforms(IDS)
    pairs = [(one[1:], one[:-1]), (one, other)]
    correlations = [np.corrcoef(*pair)[0, 1] for pair in pairs]

    # The correlation of n independent pairs has a standard error of 1 / sqrt(n).
    assert np.abs(correlations).max() < 4 / np.sqrt(len(IDS))


@pytest.mark.parametrize("count", [1, 3, 400])
def test_choices_are_even(count: int) -> None:
    """Each of them as often as the others."""
    chosen = np.bincount(Stream(5, "isolate").choices(IDS, count), minlength=count)
    expected = len(IDS) / count

    # Binomial: 5 standard errors, since 400 of them are looked at.
    assert len(chosen) == count
    assert np.abs(chosen - expected).max() <= 5 * np.sqrt(expected)
