"""Eviction: which entry of a full store goes."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Final, Generic, Literal, Protocol, TypeAlias, TypeVar

V = TypeVar("V")

Eviction: TypeAlias = Literal["lru", "sieve"]
"""Which entry goes when a store is full.

``lru``: the one that was not used for longest. ``sieve``: the oldest that was not used
since the hand passed it; a use moves nothing (Y. Zhang et al., NSDI 2024).
"""


class Entries(Protocol[V]):
    """The entries of one instance of a store, by key."""

    def used(self, key: int) -> V | None:
        """Return an entry, which is used by that; None if there is none."""

    def put(self, key: int, value: V) -> None:
        """Keep an entry, in the place of the one that has its key."""

    def drop(self, key: int) -> None:
        """Keep an entry no longer, if there is one."""

    def __iter__(self) -> Iterator[int]:
        """Return the keys."""

    def __contains__(self, key: object) -> bool:
        """Whether there is an entry, which is not used by that."""

    def __len__(self) -> int:
        """Return how many there are."""


class Lru(Generic[V]):
    """Least recently used: a put and a use make an entry the youngest."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: OrderedDict[int, V] = OrderedDict()

    def used(self, key: int) -> V | None:
        """Return an entry, and make it the youngest."""
        if key in self._entries:
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def put(self, key: int, value: V) -> None:
        """Keep an entry; the oldest goes if there are too many."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def drop(self, key: int) -> None:
        """Keep an entry no longer."""
        self._entries.pop(key, None)

    def __iter__(self) -> Iterator[int]:
        return iter(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __len__(self) -> int:
        return len(self._entries)


class _Node(Generic[V]):
    """An entry between its neighbours."""

    __slots__ = ("key", "newer", "older", "value", "visited")

    def __init__(self, key: int, value: V) -> None:
        self.key = key
        self.value = value
        self.visited = False
        self.newer: _Node[V] | None = None
        self.older: _Node[V] | None = None


class Sieve(Generic[V]):
    """SIEVE: entries in the order of their first put, and a hand that passes them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._nodes: dict[int, _Node[V]] = {}
        self._newest: _Node[V] | None = None
        self._oldest: _Node[V] | None = None
        self._hand: _Node[V] | None = None

    def used(self, key: int) -> V | None:
        """Return an entry, and mark it."""
        node = self._nodes.get(key)
        if node is None:
            return None
        node.visited = True
        return node.value

    def put(self, key: int, value: V) -> None:
        """Keep an entry; the first unmarked one that the hand meets makes room."""
        node = self._nodes.get(key)
        if node is not None:
            node.value = value
            node.visited = True
            return
        if len(self._nodes) >= self._most:
            self._evict()
        self._insert(_Node(key, value))

    def drop(self, key: int) -> None:
        """Keep an entry no longer."""
        node = self._nodes.get(key)
        if node is not None:
            self._remove(node)

    def __iter__(self) -> Iterator[int]:
        return iter(self._nodes)

    def __contains__(self, key: object) -> bool:
        return key in self._nodes

    def __len__(self) -> int:
        return len(self._nodes)

    def _insert(self, node: _Node[V]) -> None:
        self._nodes[node.key] = node
        node.older = self._newest
        if self._newest is not None:
            self._newest.newer = node
        self._newest = node
        if self._oldest is None:
            self._oldest = node

    def _evict(self) -> None:
        hand = self._hand or self._oldest
        while hand is not None and hand.visited:
            hand.visited = False
            hand = hand.newer or self._oldest
        assert hand is not None, "a full store has an entry"
        self._hand = hand
        self._remove(hand)

    def _remove(self, node: _Node[V]) -> None:
        del self._nodes[node.key]
        if node is self._hand:
            self._hand = node.newer
        if node.newer is None:
            self._newest = node.older
        else:
            node.newer.older = node.older
        if node.older is None:
            self._oldest = node.newer
        else:
            node.older.newer = node.newer


EVICTIONS: Final[dict[Eviction, Callable[[int], Entries[object]]]] = {
    "lru": Lru,
    "sieve": Sieve,
}
