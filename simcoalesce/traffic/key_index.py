"""Key index: the keys of all phases, each by its number, and their draws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from simcoalesce.randomness import Stream
from simcoalesce.traffic.alias_table import AliasTable
from simcoalesce.traffic.page import Page, key_names
from simcoalesce.traffic.popularity import Popularity
from simcoalesce.traffic.recording import NOT_LOGGED, Recording

Column = NDArray[np.int64]


def names_in_order(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Return all names of several lists, each once, in order of first mention."""
    if len(lists) == 1:
        return lists[0]
    return tuple(dict.fromkeys(name for names in lists for name in names))


def codes_of(names: tuple[str, ...], within: tuple[str, ...]) -> Column | None:
    """Return the index of each name within another list; None if it stays the same."""
    if names == within[: len(names)]:
        return None
    index = {name: number for number, name in enumerate(within)}
    return np.array([index[name] for name in names], dtype=np.int64)


def is_complete(column: NDArray[np.int32]) -> bool:
    """Return whether a log names a value for each of its requests."""
    return bool((column != NOT_LOGGED).all())


@dataclass
class _Group:
    """The phases that share a popularity."""

    popularity: Popularity
    page: Page | None
    phases: list[int]
    codes: Column | None = None

    @property
    def names(self) -> tuple[str, ...]:
        names = self.popularity.names()
        return names if self.page is None else key_names(self.page, names)

    def choose(self, requests: Column, stream: Stream, entry: Column | None) -> Column:
        key = self.popularity.choose(requests, stream)
        if self.page is not None and entry is not None:
            key = key + entry * len(self.popularity.names())
        return key if self.codes is None else self.codes[key]


class KeyIndex:
    """The names of all keys, and the key that is drawn for each request.

    Attributes:
        names: The names.
        stream: The draws.
    """

    def __init__(
        self,
        phases: Sequence[tuple[Popularity, Recording | None]],
        seed: int,
        pages: Mapping[int, Page] = MappingProxyType({}),
    ) -> None:
        self.stream = Stream(seed, "traffic.keys")
        self._groups: list[_Group] = []
        self._pages = pages
        lists: list[tuple[str, ...]] = []
        for number, (popularity, recording) in enumerate(phases):
            if recording is not None:
                lists.append(recording.keys)
            if recording is None or not is_complete(recording.key):
                lists.append(self._join(number, popularity))
        self.names = names_in_order(list(dict.fromkeys(lists)))
        for group in self._groups:
            group.codes = codes_of(group.names, self.names)

    def _join(self, phase: int, popularity: Popularity) -> tuple[str, ...]:
        page = self._pages.get(phase)
        for group in self._groups:
            if (group.popularity, group.page) == (popularity, page):
                group.phases.append(phase)
                return group.names
        self._groups.append(_Group(popularity, page, [phase]))
        return self._groups[-1].names

    def table_of(self, phase: int) -> tuple[AliasTable | None, Column | None]:
        """Return the table of the keys of a phase, and the number of each, if it moves.

        No table, if there is none, or a page or a log says more.
        """
        for group in self._groups:
            if phase in group.phases and group.page is None:
                return group.popularity.table(), group.codes
        return None, None

    def keys(
        self, requests: Column, phase: NDArray[np.int32], entry: Column | None = None
    ) -> Column:
        """Return the key that is drawn for each request, shape (n,).

        Args:
            requests: Whose draws count: of a page, those of its first request.
            phase: The phase of each request.
            entry: The index of each within its page; None if there are no pages.
        """
        if len(self._groups) == 1:
            return self._groups[0].choose(requests, self.stream, entry)
        key = np.zeros(len(requests), dtype=np.int64)
        for group in self._groups:
            rows = np.flatnonzero(np.isin(phase, group.phases))
            within = None if entry is None else entry[rows]
            key[rows] = group.choose(requests[rows], self.stream, within)
        return key
