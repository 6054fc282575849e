"""Weighted keys."""

from math import sqrt

import numpy as np

from simcoalesce.randomness import Stream
from simcoalesce.traffic.popularities.weighted import Weighted


def test_keys_are_asked_for_by_weight() -> None:
    """With {a: 3, b: 1} a quarter of the requests are for b."""
    popularity = Weighted(weights={"a": 3, "b": 1})
    chosen = popularity.choose(np.arange(100_000), Stream(4, "test"))

    assert popularity.names() == ("a", "b")
    # 4 standard errors of a share of 1/4.
    assert abs(chosen.mean() - 1 / 4) < 4 * sqrt(3 / 16 / 100_000)
