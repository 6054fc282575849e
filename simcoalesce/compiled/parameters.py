"""Parameters of a path: what kernels must know of its layers, as the first state."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from simcoalesce.compiled import layout
from simcoalesce.compiled.kv import views
from simcoalesce.model.lifetime import FIRST_ERROR, LAST_ERROR, error_lifetime_ns
from simcoalesce.model.recorder import Recorder
from simcoalesce.randomness import Stream
from simcoalesce.sampler import Quantiles, Recorded, Sampler

Row: TypeAlias = NDArray[np.int64]

DRAWN, RECORDED = -1, -2
"""What stands for a sampler's constant if it has none."""


class Parameters:
    """Memory that is written from the layers of a path, before a run begins.

    Attributes:
        head: Parameters of the run.
        levels: Parameters of each layer.
        views: What locations see of KV at the start, shape (views, VIEW_WIDTH).
        top: Where free memory begins.
    """

    def __init__(
        self, levels: int, recorder: Recorder, *, keys: int, locations: int
    ) -> None:
        """Begin with nothing but zeros.

        Args:
            levels: How many layers the path has.
            recorder: Gives codes to what serves requests.
            keys: How many keys the traffic has.
            locations: How many locations it has.
        """
        self.head = np.zeros(
            layout.LEVEL_PARAMETERS + levels * layout.PARAMETERS_WIDTH, dtype=np.int64
        )
        self.levels = self.head[layout.LEVEL_PARAMETERS :].reshape(
            levels, layout.PARAMETERS_WIDTH
        )
        self.views = views(keys, locations)
        self._parts: list[tuple[int, Row]] = [(0, self.head)]
        self.top = len(self.head)
        self._tables: list[tuple[Row, int]] = []
        self._first: list[tuple[int, int, int, int]] = []
        self._recorder = recorder
        self._keys = keys
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

    def begin_with(self, instant_ns: int, order: int, payload: int) -> None:
        """Put an entry into the queue with which a run begins."""
        self._first.append((instant_ns, order, len(self._first), payload))

    def write_queue(self, capacity: int) -> None:
        """Write the heap of the queue, of so many entries; one in order is a heap."""
        held = len(self._first)
        self.head[layout.QUEUE] = self.top
        self.write([number for entry in sorted(self._first) for number in entry])
        self.reserve((capacity - held) * 4)
        self.head[layout.QUEUE_CAPACITY] = capacity
        self.head[layout.QUEUED] = self.head[layout.SEQUENCE] = held

    def code_of(self, name: str) -> int:
        """Return the code of something that serves requests."""
        return self._recorder.code_of(name)

    def real(self, level: int, column: int, value: float) -> None:
        """Write a float among the parameters of a level."""
        self.levels[level, column] = self.word_of(value)

    def sampler(self, sampler: Sampler) -> int:
        """Write a sampler; return where it is."""
        if isinstance(sampler, Recorded):
            values = self.write(sampler.recorded_ns)
            return self.write([RECORDED, 0, values, len(sampler.recorded_ns), 0])
        if sampler.constant_ns is not None:
            return self.write([sampler.constant_ns, 0, 0, 0, 0])
        if not isinstance(sampler, Quantiles):
            raise TypeError(f"{type(sampler).__name__} has no kernel")
        table = self._table(sampler.table)
        return self.write([DRAWN, self.key_of(sampler.stream), table, 0, 0])

    def _table(self, quantiles: Row) -> int:
        for written, address in self._tables:
            if written is quantiles:
                return address
        self._tables.append((quantiles, self.write(quantiles)))
        return self._tables[-1][1]

    def own_latency(self, samplers: Mapping[int, Sampler]) -> bool:
        """Write the samplers of single keys; say whether there are any."""
        if samplers:
            table = [0] * self._keys
            for key, sampler in samplers.items():
                table[key] = self.sampler(sampler)
            self.head[layout.OWN_LATENCY] = self.write(table)
        return bool(samplers)

    def error_ttl(self, error_ttl: Mapping[str, int]) -> int:
        """Write how long each error is kept; return where it is, or nobody."""
        if not error_ttl:
            return layout.NOBODY
        statuses = range(FIRST_ERROR, LAST_ERROR + 1)
        return self.write([error_lifetime_ns(one, error_ttl) for one in statuses])

    def pairs(self, between: Mapping[tuple[int, int], Sampler]) -> int:
        """Write a table of samplers by pair of locations; return where it begins."""
        table = [layout.NOBODY] * self._locations**2
        for (here, there), sampler in between.items():
            table[here * self._locations + there] = self.sampler(sampler)
        return self.write(table)

    @staticmethod
    def key_of(stream: Stream) -> int:
        """Return a stream's key as a signed word."""
        return int(np.uint64(stream.key).view(np.int64))

    @staticmethod
    def or_nobody(number: int | None) -> int:
        """Return a number, or what stands for none."""
        return layout.NOBODY if number is None else number

    @staticmethod
    def word_of(value: float) -> int:
        """Return the bits of a float as a word."""
        return int(np.float64(value).view(np.int64))
