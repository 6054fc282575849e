"""Keys of several phases have one numbering."""

import numpy as np

from simcoalesce.traffic.key_index import KeyIndex, codes_of, names_in_order
from simcoalesce.traffic.popularities.one import One


def test_names_keep_the_order_of_their_first_mention() -> None:
    """Each name is there once."""
    assert names_in_order([("b", "a"), ("a", "c")]) == ("b", "a", "c")


def test_codes_point_into_the_whole_list() -> None:
    """Names at the front of the list keep their numbers, which needs no table."""
    codes = codes_of(("c", "a"), ("a", "b", "c"))

    assert codes is not None
    assert codes.tolist() == [2, 0]
    assert codes_of(("a", "b"), ("a", "b", "c")) is None


def test_each_phase_draws_from_its_own_keys() -> None:
    """The same name in two phases is the same key."""
    phases = [(One(key="a"), None), (One(key="b"), None), (One(key="a"), None)]
    key_index = KeyIndex(phases, seed=1)

    keys = key_index.keys(np.arange(4), np.array([1, 0, 2, 1], dtype=np.int32))

    assert key_index.names == ("a", "b")
    assert keys.tolist() == [1, 0, 0, 1]
