"""Store: what a layer keeps, by instance and key; bounded, warm, and purged."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeAlias, TypeVar, cast

from simcoalesce.model.eviction import EVICTIONS, Entries, Eviction
from simcoalesce.model.note import UNKEPT, Note

V = TypeVar("V")

Fill: TypeAlias = Callable[[int], Iterable[tuple[int, V]]]
"""Returns what an instance keeps at the start: keys, each with its value; the last is
the youngest."""


class Store(Generic[V]):
    """The values of each instance (a location, an isolate, an object), by key."""

    def __init__(
        self,
        max_entries: int | None = None,
        eviction: Eviction = "lru",
        fill: "Fill[V] | None" = None,
        evicted: Note = UNKEPT,
    ) -> None:
        """Make a store.

        Args:
            max_entries: How many values an instance keeps; None for all.
            eviction: Which goes when there are more.
            fill: What an instance keeps when it is first asked.
            evicted: How a run notes that one goes.
        """
        self._evicted = evicted
        self._max_entries = max_entries
        self._new = EVICTIONS[eviction]
        self._fill = fill
        self._instances: dict[int, Entries[V]] = {}
        self._was_purged: Sequence[bool] = ()

    def get(self, instance: int, key: int) -> V | None:
        """Return a value, which is used by that; None if there is none."""
        return self._of(instance).used(key)

    def put(self, instance: int, key: int, value: V) -> None:
        """Keep a value; another may have to go."""
        entries = self._of(instance)
        if len(entries) == self._max_entries and key not in entries:
            self._evicted.happened()
        entries.put(key, value)

    def drop(self, instance: int, key: int) -> None:
        """Keep a value no longer, if there is one."""
        self._of(instance).drop(key)

    def drop_everywhere(self, key: int) -> None:
        """Keep the value of a key no longer, in any instance that was asked."""
        for entries in self._instances.values():
            entries.drop(key)

    def purge(self, is_purged: Sequence[bool]) -> None:
        """Drop what is kept of some keys, in all instances, asked before or not."""
        if self._fill is not None:
            before = self._was_purged or [False] * len(is_purged)
            both = zip(before, is_purged, strict=True)
            self._was_purged = [first or then for first, then in both]
        for entries in self._instances.values():
            for key in [key for key in entries if is_purged[key]]:
                entries.drop(key)

    def _of(self, instance: int) -> Entries[V]:
        entries = self._instances.get(instance)
        if entries is None:
            entries = self._instances[instance] = self._empty()
            for key, value in self._fill(instance) if self._fill else ():
                if not (self._was_purged and self._was_purged[key]):
                    entries.put(key, value)
        return entries

    def _empty(self) -> Entries[V]:
        if self._max_entries is None:
            return _Unbounded()
        return cast("Entries[V]", self._new(self._max_entries))


class _Unbounded(dict[int, V]):
    """Entries of a store that is as large as it needs to be."""

    def used(self, key: int) -> V | None:
        return self.get(key)

    def put(self, key: int, value: V) -> None:
        self[key] = value

    def drop(self, key: int) -> None:
        self.pop(key, None)
