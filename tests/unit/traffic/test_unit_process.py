"""The unit process: exponential gaps, exact sums."""

from itertools import islice
from math import sqrt

import numpy as np
import pytest

from simcoalesce.randomness import Stream
from simcoalesce.traffic import unit_process
from simcoalesce.traffic.unit_process import blocks_of, ordered_uniforms, unit_arrivals


def test_blocks_are_consecutive_and_grow() -> None:
    """Blocks cover the range once, small ones first."""
    blocks = list(blocks_of(5_000))

    assert blocks == [(0, 1_024), (1_024, 3_072), (3_072, 5_000)]


def test_the_gaps_have_the_moments_of_an_exponential() -> None:
    """Mean and standard deviation of the gaps are one."""
    arrivals = np.concatenate(list(islice(unit_arrivals(Stream(5, "test")), 8)))
    gaps = np.diff(arrivals, prepend=0)
    n = len(gaps)

    # 4 standard errors: sd 1 for the mean, sqrt(2) for the standard deviation.
    assert abs(gaps.mean() - 1) < 4 / sqrt(n)
    assert abs(gaps.std() - 1) < 4 * sqrt(2) / sqrt(n)


def test_ordered_uniforms_are_in_order_and_uniform() -> None:
    """They ascend within [0, 1] over all blocks, with mean 1/2 and variance 1/12."""
    uniforms = np.concatenate(list(ordered_uniforms(Stream(5, "test"), 0, 200_000)))

    assert (np.diff(uniforms) >= 0).all()
    assert 0 <= uniforms[0] <= uniforms[-1] <= 1
    # 4 standard errors of a mean of uniform numbers, and of a mean of their squares.
    assert abs(uniforms.mean() - 1 / 2) < 4 * sqrt(1 / 12 / 200_000)
    assert abs((uniforms**2).mean() - 1 / 3) < 4 * sqrt(4 / 45 / 200_000)


def test_ordered_uniforms_are_the_same_in_one_block_and_in_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What fits into a block is drawn once, and the rest twice."""
    once = np.concatenate(list(ordered_uniforms(Stream(5, "test"), 3, 5_000)))
    monkeypatch.setattr(unit_process, "_BLOCK", 64)
    twice = np.concatenate(list(ordered_uniforms(Stream(5, "test"), 3, 5_000)))

    assert once.tolist() == twice.tolist()
