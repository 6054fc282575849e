"""Beginning: the state in which runs of a path begin, encoded once for all seeds."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from typing_extensions import override

from simcoalesce.compiled.encode import InitialState, initial_state
from simcoalesce.compiled.fetched_counts import FetchedCounts
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.state import State
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.clock import Clock
from simcoalesce.model.edge import entrance
from simcoalesce.model.layer import Layer
from simcoalesce.model.recorder import Recorder
from simcoalesce.randomness import Stream

_MUCH: Final = 1 << 20
"""So many numbers are 8 MiB."""


class TrafficFacts(NamedTuple):
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
        names: Of what serves requests, in the order of their codes.
        counters: Where the state counts events of layers, by their units.
    """

    def __init__(
        self,
        path: Sequence[Layer],
        traffic: TrafficFacts,
        seed: int,
        counts: FetchedCounts | None = None,
    ) -> None:
        """Encode a path.

        Args:
            path: The layers.
            traffic: What it must know of the traffic.
            seed: Decides all chance in the model.
            counts: What is counted in compiled code, if anything is.
        """
        self._path, self._traffic = path, traffic
        self._seed, self._is_counted = _Seed(seed), counts is not None
        initial = self._encoded()
        self.names, self.counters = initial.names, initial.counters
        self._streams = initial.streams
        self._written = initial.numbers[: State(initial.numbers, 0).top].copy()
        # Counts begin as zeros behind it; where they are is in its head.
        numbers = initial.numbers if counts is None else counts.begin(initial.numbers)
        head = numbers[: State.width]
        self._written[: len(head)] = head
        self._length = len(numbers)

    def _encoded(self) -> InitialState:
        keys, locations, agenda = self._traffic
        names = {"keys": keys, "locations": locations}
        first = entrance(Clock(), Recorder(), agenda, seed=self._seed, **names)
        return initial_state(self._path, first)

    def is_of(
        self,
        path: Sequence[Layer],
        traffic: TrafficFacts,
        seed: int,
        *,
        is_counted: bool,
    ) -> bool:
        """Say whether runs of a path begin in this state under a seed."""
        streams = self._streams
        own = sum(one.seed is self._seed for one in streams)
        is_for_all_seeds = len(streams) == own == self._seed.streams
        return (
            (is_for_all_seeds or self._seed == seed)
            and self._is_counted == is_counted
            and self._path is path
            and self._traffic == traffic
        )

    @cached_property
    def _keys_at(self) -> Sequence[tuple[str, Row]]:
        """The name of each stream, and where its key is: records are copied.

        No other number is one of 64 random bits.
        """
        keys = [np.uint64(one.key).view(np.int64) for one in self._streams]
        return [
            (one.name, np.flatnonzero(self._written == key))
            for one, key in zip(self._streams, keys, strict=True)
        ]

    def under(self, seed: int) -> Row:
        """Return the state under a seed, before anything happens."""
        numbers = np.zeros(self._length, dtype=np.int64)
        numbers[: len(self._written)] = self._written
        State(numbers, 0).size = self._length
        if self._seed != seed:
            for name, addresses in self._keys_at:
                key = np.uint64(Stream(seed, name).key)
                numbers[addresses] = key.view(np.int64)
        return numbers

    def expect(self, length: int) -> None:
        """Let further runs begin with as much memory as one has needed, if not much."""
        self._length = max(self._length, min(length, _MUCH))


class _Last:
    """The beginning of the last runs, which is that of the next ones more often."""

    def __init__(self) -> None:
        self._last: Beginning | None = None

    def of(
        self,
        path: Sequence[Layer],
        traffic: TrafficFacts,
        seed: int,
        counts: FetchedCounts | None,
    ) -> Beginning:
        """Return how runs of a path begin."""
        last, is_counted = self._last, counts is not None
        if not last or not last.is_of(path, traffic, seed, is_counted=is_counted):
            last = self._last = Beginning(path, traffic, seed, counts)
        return last


beginning: Final = _Last().of
"""Return how runs of a path begin under a seed; replications begin alike."""
