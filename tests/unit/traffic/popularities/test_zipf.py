"""Zipf's law."""

from math import sqrt
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from simcoalesce.randomness import Stream
from simcoalesce.traffic.popularities.zipf import Zipf


@pytest.mark.parametrize("s", [0.0, 0.9, 1.5])
def test_frequencies_follow_the_ranks(s: float) -> None:
    """The k-th key's share is k^-s over the sum of all, for each of the first 20."""
    n = 500_000
    popularity = Zipf.model_validate({"s": s, "n": "1k"})
    chosen = popularity.choose(np.arange(n), Stream(4, "test"))
    weights = np.arange(1, 1_001) ** -s
    shares = (weights / weights.sum())[:20]

    actual = np.bincount(chosen, minlength=1_000)[:20]

    # 4 standard errors of each count.
    assert (abs(actual - n * shares) < 4 * np.sqrt(n * shares * (1 - shares))).all()


def test_ten_thousand_keys_may_be_written_10k() -> None:
    """Keys are named by their rank."""
    names = Zipf.model_validate({"kind": "zipf", "s": 0.9, "n": "10k"}).names()

    assert (len(names), names[0], names[-1]) == (10_000, "key-1", "key-10000")


def test_the_mean_rank_of_a_uniform_law_is_the_middle() -> None:
    """With s = 0 every key is alike."""
    popularity = Zipf.model_validate({"s": 0, "n": 101})
    chosen = popularity.choose(np.arange(100_000), Stream(4, "test"))

    # 4 standard errors: the variance of a rank is (101^2 - 1) / 12.
    assert abs(chosen.mean() - 50) < 4 * sqrt((101**2 - 1) / 12 / 100_000)


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"n": "11M"}, {"s": -1}, {"s": float("nan")}, {"n": "1.5"}]
)
def test_impossible_laws_are_refused(wrong: dict[str, Any]) -> None:
    """No keys, too many keys and negative exponents are errors."""
    with pytest.raises(ValidationError):
        Zipf.model_validate({"s": 0.9, "n": 10} | wrong)
