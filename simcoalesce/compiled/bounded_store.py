"""Bounded stores, as `model.store` and `model.eviction` have them.

What a store may hold is there from the beginning, and says whether it is held.
"""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.model.storing_layer import StoringLayer


class StoredRecord(Record):
    """Something that a store may hold, and its neighbours in it."""

    is_held: bool
    is_used: bool
    """Whether it was used since the hand passed it (sieve)."""
    older: Link["StoredRecord"]
    newer: Link["StoredRecord"]


class StoreRecord(Record):
    """A store: what is held in the order of its uses (lru), or of its first put."""

    most: int
    """How much it holds, or nobody: as much as comes."""
    is_lru: bool
    count: int
    oldest: Link[StoredRecord]
    newest: Link[StoredRecord]
    hand: Link[StoredRecord]


@inner
def use(store: StoreRecord, one: StoredRecord) -> None:
    """Note that something was asked for, which may be held."""
    if not one.is_held or store.most == NOBODY:
        return
    one.is_used = True
    if store.is_lru:
        _unlink(store, one)
        _append(store, one)


@inner
def hold(store: StoreRecord, one: StoredRecord) -> None:
    """Hold something; another may have to go."""
    if one.is_held:
        use(store, one)
        return
    if store.most != NOBODY:
        if store.count >= store.most:
            _evict(store)
        _append(store, one)
    one.is_held, one.is_used = True, False


@inner
def drop(store: StoreRecord, one: StoredRecord) -> None:
    """Hold something no longer, if it is held."""
    if one.is_held and store.most != NOBODY:
        _unlink(store, one)
    one.is_held = False


@inner
def _append(store: StoreRecord, one: StoredRecord) -> None:
    last = store.newest
    one.older, one.newer = last, StoredRecord(one, NOBODY)
    if last:
        last.newer = one
    else:
        store.oldest = one
    store.newest = one
    store.count += 1


@inner
def _unlink(store: StoreRecord, one: StoredRecord) -> None:
    older, newer = one.older, one.newer
    if older:
        older.newer = newer
    else:
        store.oldest = newer
    if newer:
        newer.older = older
    else:
        store.newest = older
    if store.hand.at == one.at:
        store.hand = newer
    store.count -= 1


@inner
def _evict(store: StoreRecord) -> None:
    """Let the oldest go, or the first unused one that the hand meets."""
    goes = store.oldest
    if not store.is_lru:
        goes = store.hand or goes
        while goes.is_used:
            goes.is_used = False
            goes = goes.newer or store.oldest
        store.hand = goes
    drop(store, goes)


def fill_store(store: StoreRecord, layer: StoringLayer) -> None:
    """Write how much a layer's store holds, which is empty at first."""
    store.most = NOBODY if layer.max_entries is None else layer.max_entries
    store.is_lru = layer.eviction == "lru"
    store.oldest = store.newest = store.hand = StoredRecord(store, NOBODY)
