"""Parameters of a path: what kernels must know of its layers, as the first state."""

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from simcoalesce.compiled.event_queue import BEGIN, entry_of
from simcoalesce.compiled.queue_records import QueueEntry
from simcoalesce.compiled.record import NOBODY, Record, fields_of
from simcoalesce.compiled.state import (
    DRAWN,
    LEVELS_AT,
    PARAMETERS_AT,
    RECORDED,
    Level,
    SamplerRecord,
    State,
)
from simcoalesce.model.lifetime import FIRST_ERROR, LAST_ERROR, error_lifetime_ns
from simcoalesce.model.recorder import Recorder
from simcoalesce.randomness import Stream
from simcoalesce.sampler import Quantiles, Recorded, Sampler

Row: TypeAlias = NDArray[np.int64]
R = TypeVar("R", bound=Record)

_BLOCK = 1 << 12
"""How many numbers records take before there must be more memory for them."""


class Parameters:
    """Memory that is written from the layers of a path, before a run begins.

    Attributes:
        state: The single numbers of the run.
        levels: What each level is told.
        top: Where free memory begins.
        counters: Where events of layers are counted, by their units.
        streams: Those whose keys are written.
    """

    def __init__(
        self, levels: Sequence[type[Level]], recorder: Recorder, *, locations: int
    ) -> None:
        """Begin with nothing but zeros.

        Args:
            levels: The records of the layers.
            recorder: Gives codes to what serves requests.
            locations: How many locations the traffic has.
        """
        self.top = PARAMETERS_AT
        addresses = [self.reserve(level.width) for level in levels]
        head = np.zeros(self.top, dtype=np.int64)
        head[LEVELS_AT : LEVELS_AT + len(levels)] = addresses
        self.state = State(head, 0)
        self.levels = [
            level(head, at) for level, at in zip(levels, addresses, strict=True)
        ]
        self._parts: list[tuple[int, Row]] = [(0, head)]
        self._tables: list[tuple[Row, int]] = []
        self._first: list[tuple[int, int, int, int]] = []
        self._recorder = recorder
        self._codes: dict[str, int] = {}
        self.counters: dict[str, list[int]] = {}
        self.streams: list[Stream] = []
        self._locations = locations

    def memory(self, free: int) -> Row:
        """Return all that has been written, and more that is free behind it."""
        m = np.zeros(self.top + free, dtype=np.int64)
        for address, part in self._parts:
            m[address : address + len(part)] = part
        return m

    def write(self, numbers: "Sequence[int] | Row") -> int:
        """Write some numbers; return where they begin."""
        part = np.asarray(numbers, dtype=np.int64)
        address = self.reserve(len(part))
        self._parts.append((address, part))
        return address

    def reserve(self, count: int) -> int:
        """Reserve memory for some zeros; return where it begins."""
        self.top += count
        return self.top - count

    def records(self, kind: type[R], count: int) -> list[R]:
        """Return so many records of zeros, one behind the other."""
        first = self.write(np.zeros(count * kind.width, dtype=np.int64))
        return [
            self.written(kind, first + index * kind.width) for index in range(count)
        ]

    def written(self, kind: type[R], at: int) -> R:
        """Return a record of what has been written."""
        return kind(_Written(self._parts), at)

    def begin_with(self, instant_ns: int, order: int, own: Level) -> None:
        """Let a level begin something by itself at an instant of the run."""
        what = entry_of(BEGIN, own.at)
        self._first.append((instant_ns, order, len(self._first), what))

    def write_heap(self, capacity: int) -> None:
        """Write the heap of the queue, of so many entries; one in order is a heap."""
        held, state = len(self._first), self.state
        state.heap = self.write([one for entry in sorted(self._first) for one in entry])
        self.reserve((capacity - held) * QueueEntry.width)
        state.heap_capacity, state.heaped, state.sequence = capacity, held, held

    def code_of(self, name: str) -> int:
        """Return the code of something that serves requests."""
        return self._codes.setdefault(name, self._recorder.code_of(name))

    @property
    def names(self) -> Sequence[str]:
        """The names of what serves requests, in the order of their codes."""
        return tuple(self._codes)

    def known_code_of(self, name: str) -> int:
        """Return the code of something behind a level, or nobody if it is not there."""
        return self._codes.get(name, NOBODY)

    def counter(self, own: Level, unit: str, name: str) -> None:
        """Let a field of a level count the events of a unit."""
        address = own.at + fields_of(type(own))[name].offset
        self.counters.setdefault(unit, []).append(address)

    def fill(self, record: Record, said: Any, kinds: tuple[str, ...]) -> None:
        """Write the fields of a record that something says under the same names.

        Args:
            record: Where they are written.
            said: What says them, as a layer does: whole numbers, floats, truth values,
                or None, which becomes NOBODY.
            kinds: The names of the fields.
        """
        for name in _said(said, kinds):
            value = getattr(said, name)
            if value is None:
                setattr(record, name, NOBODY)
            elif isinstance(value, int | float):
                setattr(record, name, value)

    def key_of(self, stream: Stream) -> np.uint64:
        """Return the key of a stream, to be written into a record as it is."""
        self.streams.append(stream)
        return np.uint64(stream.key)

    def sampler(self, sampler: Sampler) -> SamplerRecord:
        """Return a sampler as a record."""
        [record] = self.records(SamplerRecord, 1)
        if isinstance(sampler, Recorded):
            record.constant, record.count = RECORDED, len(sampler.recorded_ns)
            record.values = self.write(sampler.recorded_ns)
        elif sampler.constant_ns is not None:
            record.constant = sampler.constant_ns
        elif isinstance(sampler, Quantiles):
            record.constant, record.values = DRAWN, self._table(sampler.table)
            record.stream = self.key_of(sampler.stream)
        else:
            raise TypeError(f"{type(sampler).__name__} has no kernel")
        return record

    def _table(self, quantiles: Row) -> int:
        for written, address in self._tables:
            if written is quantiles:
                return address
        self._tables.append((quantiles, self.write(quantiles)))
        return self._tables[-1][1]

    def error_ttl(self, error_ttl: Mapping[str, int]) -> int:
        """Write how long each error is kept; return where it is, or nobody."""
        if not error_ttl:
            return NOBODY
        statuses = range(FIRST_ERROR, LAST_ERROR + 1)
        return self.write([error_lifetime_ns(one, error_ttl) for one in statuses])

    def statuses(self, chosen: Container[int]) -> int:
        """Write which errors are in a set; return where it is (`statuses`)."""
        return self.write([one in chosen for one in range(FIRST_ERROR, LAST_ERROR + 1)])

    def pairs(self, between: Mapping[tuple[int, int], Sampler]) -> int:
        """Write a table of samplers by pair of locations; return where it begins."""
        table = [NOBODY] * self._locations**2
        for (here, there), sampler in between.items():
            table[here * self._locations + there] = self.sampler(sampler).at
        return self.write(table)


class _Written:
    """Memory that is written part by part, in ascending order."""

    def __init__(self, parts: list[tuple[int, Row]]) -> None:
        self._parts = parts

    def _part(self, at: Any) -> tuple[Row, int]:
        index = bisect_right(self._parts, at, key=itemgetter(0)) - 1
        first, part = self._parts[index]
        return part, at - first

    def __getitem__(self, at: Any) -> int:
        part, index = self._part(at)
        return int(part[index])

    def __setitem__(self, at: Any, number: Any) -> None:
        part, index = self._part(at)
        part[index] = number


def own_fields(kind: type[Record], base: type[Record]) -> tuple[str, ...]:
    """Return the names of the fields that a class of records adds to a base."""
    known = fields_of(base)
    return tuple(name for name in fields_of(kind) if name not in known)


_known_fields: Final[dict[tuple[type, tuple[str, ...]], tuple[str, ...]]] = {}


def _said(said: Any, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return which fields something says; that is the same for all of its class."""
    of_class = type(said), kinds
    if of_class not in _known_fields:
        _known_fields[of_class] = tuple(name for name in kinds if hasattr(said, name))
    return _known_fields[of_class]
