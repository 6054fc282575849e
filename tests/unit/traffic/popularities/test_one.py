"""One key."""

import numpy as np

from simcoalesce.randomness import Stream
from simcoalesce.traffic.popularities.one import One


def test_all_ask_for_the_same_key() -> None:
    """There is one name, and every request has it."""
    popularity = One(key="sale")

    assert popularity.names() == ("sale",)
    assert popularity.choose(np.arange(3), Stream(1, "test")).tolist() == [0, 0, 0]
