"""Bounded stores of the compiled engine, whose kernels run as Python here."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.compiled.bounded_store import (
    StoredRecord,
    StoreRecord,
    drop,
    fill_store,
    hold,
    use,
)
from simcoalesce.compiled.shards import why_whole
from simcoalesce.compiled.state import State
from simcoalesce.model.layers.redis_write import RedisWrite
from simcoalesce.model.store import Store
from tests.builders import a_path, an_origin

_KEYS = 6
_DOES = st.sampled_from(["put", "put", "get", "drop"])


def a_store(layer: RedisWrite) -> tuple[StoreRecord, list[StoredRecord]]:
    """Return the empty store of a layer, and what it may hold of each key."""
    size = StoreRecord.width + _KEYS * StoredRecord.width
    m = State(np.zeros(size, dtype=np.int64), 0)
    fill_store(StoreRecord(m, 0), layer)
    begins = range(StoreRecord.width, size, StoredRecord.width)
    return StoreRecord(m, 0), [StoredRecord(m, at) for at in begins]


@pytest.mark.parametrize("eviction", ["lru", "sieve"])
@pytest.mark.parametrize("most", [None, 1, 3, 4])
@given(steps=st.lists(st.tuples(_DOES, st.integers(0, _KEYS - 1)), max_size=40))
def test_the_same_values_go_as_in_the_model(
    eviction: str, most: int | None, steps: list[tuple[str, int]]
) -> None:
    """Puts, look-ups and drops of six keys, in stores of several sizes."""
    said = {"max_entries": most or "unlimited", "eviction": eviction}
    layer = RedisWrite.model_validate(said)
    store, ones = a_store(layer)
    plain = Store[int](most, layer.eviction)
    for does, key in steps:
        if does == "put":
            hold(store, ones[key])
            plain.put(0, key, 1)
        elif does == "get":
            use(store, ones[key])
            assert ones[key].is_held == bool(plain.get(0, key))
        else:
            drop(store, ones[key])
            plain.drop(0, key)
        assert [one.is_held for one in ones] == [
            key in plain._of(0) for key in range(_KEYS)
        ]


def test_a_store_that_may_be_full_keeps_a_path_whole() -> None:
    """What is set of one key may end what is kept of another."""
    paths = [
        a_path({"redis.write": {"max_entries": most}}, an_origin("1ms"))
        for most in (2, "unlimited")
    ]

    assert [why_whole(path) for path in paths] == ["a store that may be full", ""]
