"""Key index: the keys of all phases, each by its number, and their draws."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.randomness import Stream
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
    phases: list[int]
    codes: Column | None = None

    def choose(self, requests: Column, stream: Stream) -> Column:
        key = self.popularity.choose(requests, stream)
        return key if self.codes is None else self.codes[key]


class KeyIndex:
    """The names of all keys, and the key that is drawn for each request."""

    def __init__(
        self, phases: Sequence[tuple[Popularity, Recording | None]], seed: int
    ) -> None:
        self._stream = Stream(seed, "traffic.keys")
        self._groups: list[_Group] = []
        lists: list[tuple[str, ...]] = []
        for number, (popularity, recording) in enumerate(phases):
            if recording is not None:
                lists.append(recording.keys)
            if recording is None or not is_complete(recording.key):
                lists.append(self._join(number, popularity))
        self.names = names_in_order(list(dict.fromkeys(lists)))
        for group in self._groups:
            group.codes = codes_of(group.popularity.names(), self.names)

    def _join(self, phase: int, popularity: Popularity) -> tuple[str, ...]:
        for group in self._groups:
            if group.popularity == popularity:
                group.phases.append(phase)
                break
        else:
            self._groups.append(_Group(popularity, [phase]))
        return popularity.names()

    def keys(self, requests: Column, phase: NDArray[np.int32]) -> Column:
        """Return the key that is drawn for each request, shape (n,)."""
        if len(self._groups) == 1:
            return self._groups[0].choose(requests, self._stream)
        key = np.zeros(len(requests), dtype=np.int64)
        for group in self._groups:
            rows = np.flatnonzero(np.isin(phase, group.phases))
            key[rows] = group.choose(requests[rows], self._stream)
        return key
