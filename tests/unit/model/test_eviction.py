"""Eviction: which entry of a full store goes."""

from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.model.eviction import Lru, Sieve
from simcoalesce.model.store import Store


def kept(store: Lru[str] | Sieve[str]) -> list[int]:
    """Return the keys of a store, smallest first."""
    return sorted(store)


def test_lru_drops_what_was_not_used_for_longest() -> None:
    """A use makes an entry the youngest: 2 goes, not 1."""
    store = Lru[str](2)
    store.put(1, "a")
    store.put(2, "b")
    store.used(1)
    store.put(3, "c")

    assert kept(store) == [1, 3]


def test_lru_keeps_one_value_for_a_key() -> None:
    """A second put of a key takes the place of the first."""
    store = Lru[str](2)
    for key, value in ((1, "a"), (2, "b"), (1, "new")):
        store.put(key, value)

    assert (kept(store), store.used(1)) == ([1, 2], "new")


def test_sieve_spares_what_was_used_and_passes_on() -> None:
    """Of 1, 2, 3 the first was used: the hand spares it, takes 2, and then 3."""
    store = Sieve[str](3)
    for key in (1, 2, 3):
        store.put(key, "")
    store.used(1)
    store.put(4, "")
    after_one = kept(store)
    store.put(5, "")

    assert (after_one, kept(store)) == ([1, 3, 4], [1, 4, 5])


def test_the_hand_of_sieve_begins_anew_behind_the_newest() -> None:
    """All were used: the hand clears each mark, and comes back to the oldest."""
    store = Sieve[str](2)
    for key in (1, 2):
        store.put(key, "")
        store.used(key)
    store.put(3, "")

    assert kept(store) == [2, 3]


def test_sieve_drops_the_entry_under_its_hand() -> None:
    """After 1 went, the hand is at 2: it is dropped by name, and 3 is the next."""
    store = Sieve[str](3)
    for key in (1, 2, 3, 4):
        store.put(key, "")
    store.drop(2)
    store.put(5, "")
    store.put(6, "")

    assert kept(store) == [4, 5, 6]


STEPS = st.lists(st.tuples(st.sampled_from("gpd"), st.integers(0, 6)), max_size=60)


@given(st.sampled_from(["lru", "sieve"]), st.integers(1, 4), STEPS)
def test_a_store_keeps_no_more_than_fits_and_nothing_that_was_not_put(
    eviction: str, most: int, steps: list[tuple[str, int]]
) -> None:
    """What is found is the last put; the last that was put is there; no more fit."""
    store, last = Store[int](most, eviction), dict[int, int]()  # type: ignore[arg-type]
    for number, (step, key) in enumerate(steps):
        if step == "p":
            store.put(0, key, number)
            last[key] = number
            assert store.get(0, key) == number
        elif step == "d":
            store.drop(0, key)
            last.pop(key, None)
        assert store.get(0, key) in {None, last.get(key)}

    assert sum(store.get(0, key) is not None for key in range(7)) <= most
