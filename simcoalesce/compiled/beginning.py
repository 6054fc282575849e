"""Beginning: the state in which runs of a path begin, encoded once for all seeds."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from typing_extensions import override

from simcoalesce.compiled.encode import InitialState, initial_state
from simcoalesce.compiled.parameters import Row
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.clock import Clock
from simcoalesce.model.edge import entrance
from simcoalesce.model.layer import Layer
from simcoalesce.model.recorder import Recorder
from simcoalesce.randomness import Stream


class Traffic(NamedTuple):
    """What a state must know of the traffic.

    Attributes:
        keys: Names of all keys.
        locations: Names of the locations.
        agenda: Until when requests arrive, and which keys there are before the run.
    """

    keys: Sequence[str]
    locations: Sequence[str]
    agenda: Agenda = NOTHING_ELSE


class _Seed(int):
    """A seed that knows how many streams have been made of it."""

    streams = 0

    @override
    def __format__(self, spec: str) -> str:
        self.streams += 1
        return int(self).__format__(spec)


class Beginning:
    """The state in which runs of a path begin, and what serves requests there.

    Attributes:
        path: The layers.
        traffic: What it knows of the traffic.
        names: Of what serves requests, in the order of their codes.
        counters: Where the state counts events of layers, by their units.
    """

    def __init__(self, path: Sequence[Layer], traffic: Traffic, seed: int) -> None:
        """Encode a path.

        Args:
            path: The layers.
            traffic: What it must know of the traffic.
            seed: Decides all chance in the model.
        """
        self.path, self.traffic = path, traffic
        self._seed = _Seed(seed)
        initial = self._encoded(traffic)
        self.names, self.counters = initial.names, initial.counters
        self._length = len(initial.numbers)
        written = int(np.flatnonzero(initial.numbers)[-1]) + 1
        self._written = initial.numbers[:written].copy()
        self._keys_at = [*self._found(initial.streams)]
        own = sum(one.seed is self._seed for one in initial.streams)
        self._is_for_all_seeds = len(initial.streams) == own == self._seed.streams

    def _encoded(self, traffic: Traffic) -> InitialState:
        keys, locations, agenda = traffic
        names = {"keys": keys, "locations": locations}
        first = entrance(Clock(), Recorder(), agenda, seed=self._seed, **names)
        return initial_state(self.path, first)

    def _found(self, streams: Iterable[Stream]) -> Iterator[tuple[str, Row]]:
        """Yield the name of each stream, and where its key is: records are copied.

        No other number is one of 64 random bits.
        """
        for one in streams:
            key = np.uint64(one.key).view(np.int64)
            yield one.name, np.flatnonzero(self._written == key)

    def is_of(self, path: Sequence[Layer], traffic: Traffic, seed: int) -> bool:
        """Say whether runs of a path begin in this state under a seed."""
        is_seed = self._is_for_all_seeds or self._seed == seed
        return is_seed and self.path is path and self.traffic == traffic

    def under(self, seed: int) -> Row:
        """Return the state under a seed, before anything happens."""
        numbers = np.zeros(self._length, dtype=np.int64)
        numbers[: len(self._written)] = self._written
        if self._seed != seed:
            for name, addresses in self._keys_at:
                key = np.uint64(Stream(seed, name).key)
                numbers[addresses] = key.view(np.int64)
        return numbers


class _Last:
    """The beginning of the last runs, which is that of the next ones more often."""

    def __init__(self) -> None:
        self._last: Beginning | None = None

    def of(self, path: Sequence[Layer], traffic: Traffic, seed: int) -> Beginning:
        """Return how runs of a path begin."""
        last = self._last
        if last is None or not last.is_of(path, traffic, seed):
            last = self._last = Beginning(path, traffic, seed)
        return last


_last = _Last()


def beginning(path: Sequence[Layer], traffic: Traffic, seed: int) -> Beginning:
    """Return how runs of a path begin under a seed; replications begin alike."""
    return _last.of(path, traffic, seed)
