"""purge: stores drop what they keep of some keys."""

from collections.abc import Iterator, Sequence
from typing import Literal

from typing_extensions import override

from simcoalesce.model.change import EdgeChange
from simcoalesce.model.changeable import Changeable
from simcoalesce.model.key_selection import (
    ALL,
    KeySelection,
    selected,
    selection_text,
)
from simcoalesce.model.layer import Layer
from simcoalesce.randomness import Stream
from simcoalesce.suggestion import listed


class Purge(EdgeChange):
    """Stores drop what they keep of some keys, everywhere and at once.

    What is under way is not stopped: an answer that was fetched before the purge is
    stored after it. New content is said beside it (`origin: {changes_at: [60s]}`).
    """

    kind: Literal["purge"] = "purge"
    keys: KeySelection = ALL
    """Which keys: all, the first of the traffic's keys (top 100), a share by chance
    (10%), names, or beginnings of names (product/*)."""
    stores: tuple[str, ...] = ()
    """Which stores of the path, e.g. [kv, cdn]; if empty, all that a purge reaches: not
    the memory of isolates and objects."""

    @property
    @override
    def says(self) -> str:
        named = {"kv": "KV"}
        stores = " and ".join(named.get(store, store) for store in self.stores)
        drop = "drops" if len(self.stores) == 1 else "drop"
        return f"A purge: {stores or 'the stores'} {drop} {selection_text(self.keys)}."

    @override
    def faults(self, path: Sequence[Layer]) -> Iterator[str]:
        known = _stores(path)
        for name in self.stores:
            if name not in known:
                there = listed(known) if known else "none"
                yield f'no store of the path is named "{name}". There are: {there}'
        if not self.stores and not any(known.values()):
            what = (
                f"name one, e.g. stores: [{next(iter(known))}]"
                if known
                else ("put e.g. kv.read and kv.write into the path")
            )
            yield f"the path has no store that a purge reaches; {what}"

    @override
    def act(self, edge: Changeable, *, keys: Sequence[str], seed: int) -> None:
        is_purged = self.purged(keys, seed)
        for store in edge.stores:
            is_named = store.name in self.stores
            if is_named or (not self.stores and store.is_reached):
                store.store.purge(is_purged)

    def purged(self, keys: Sequence[str], seed: int) -> list[bool]:
        """Return which of the keys are concerned.

        Raises:
            ValueError: If the traffic has no key of a name.
        """
        share_of = Stream(seed, f"purge.keys@{self.at_ns}")
        is_purged: list[bool] = selected(self.keys, keys, share_of).tolist()
        return is_purged


def _stores(path: Sequence[Layer]) -> dict[str, bool]:
    """Return the stores of a path, and whether a purge reaches each by itself."""
    return {layer.served_by: layer.is_purged for layer in path if layer.stores}
