"""What of the edge may be changed in mid-run: its stores, isolates and objects."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


class Purgeable(Protocol):
    """Something that keeps values of keys, and can be told to drop them."""

    def purge(self, is_purged: Sequence[bool]) -> None:
        """Drop what is kept of some keys, in all instances.

        Args:
            is_purged: Whether each key is concerned, by its number.
        """


class Restartable(Protocol):
    """Isolates, or objects."""

    def restart(self) -> None:
        """Have all of them begin anew, for those who come from now on."""


class NamedStore(NamedTuple):
    """A store of the path.

    Attributes:
        name: What tables call its layer, e.g. ``kv``.
        is_reached: Whether a purge that names no store reaches it.
        store: The store.
    """

    name: str
    is_reached: bool
    store: Purgeable


@dataclass(frozen=True)
class Changeable:
    """What layers let changes reach; they add to it when they are composed."""

    stores: list[NamedStore] = field(default_factory=list)
    isolates: list[Restartable] = field(default_factory=list)
    objects: list[Restartable] = field(default_factory=list)
