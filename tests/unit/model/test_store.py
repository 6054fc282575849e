"""Stores: what each instance keeps, holds at the start, and drops."""

from collections.abc import Iterator

from simcoalesce.model.store import Store

ALL = [True, True, True]


def held(instance: int) -> Iterator[tuple[int, str]]:
    """Yield what an instance holds at the start: keys 2, 1, 0, the youngest last."""
    for key in (2, 1, 0):
        yield key, f"{key} of {instance}"


def test_instances_do_not_share_values() -> None:
    """What one location keeps is not found at another."""
    store = Store[str]()
    store.put(0, 7, "here")

    assert (store.get(0, 7), store.get(1, 7)) == ("here", None)


def test_each_instance_may_hold_as_many_as_fit() -> None:
    """The bound is that of an instance, not of all."""
    store = Store[str](1)
    for instance in (0, 1):
        store.put(instance, 5, "old")
        store.put(instance, 6, "new")

    assert [store.get(at, key) for at in (0, 1) for key in (5, 6)] == [
        *(None, "new"),
        *(None, "new"),
    ]


def test_an_instance_holds_what_fills_it() -> None:
    """Each is filled when it is first asked; a bound keeps the youngest."""
    store = Store(2, fill=held)

    assert [store.get(4, key) for key in (0, 1, 2)] == ["0 of 4", "1 of 4", None]


def test_a_purge_reaches_all_instances_and_only_its_keys() -> None:
    """Key 1 is gone everywhere, keys 0 and 2 are there."""
    store = Store(fill=held)
    store.get(0, 0)
    store.purge([False, True, False])

    assert [store.get(0, key) for key in (0, 1, 2)] == ["0 of 0", None, "2 of 0"]


def test_a_purge_reaches_instances_that_were_never_asked() -> None:
    """What they held at the start is gone too, and what comes later stays."""
    store = Store(fill=held)
    store.purge(ALL)
    store.put(3, 1, "later")

    assert [store.get(3, key) for key in (0, 1)] == [None, "later"]
