"""Chunks of traffic: requests go in, and come out answered, in order of arrival."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from simcoalesce.compiled import layout
from simcoalesce.compiled.capacity import longer, with_capacity
from simcoalesce.compiled.event_queue import NO_INSTANT
from simcoalesce.compiled.loop import serve
from simcoalesce.compiled.origin import CALL_WIDTH
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.tally_kernel import finished
from simcoalesce.outcomes import NEVER
from simcoalesce.request import Requests

_NEVER: Final = (NEVER, 0)
"""An instant before all, and what comes before it there: nothing is due."""
_AT_LAST: Final = (NO_INSTANT, 0)


@dataclass(frozen=True, slots=True)
class Finished:
    """Consecutive requests that are answered, and the calls made meanwhile.

    Attributes:
        arrivals: Keys, locations, isolates, instants and ids, shape (n, 5).
        rows: When each was answered, and its answer, or what metrics count of it.
        calls: What the origin received, as `Recorder.called` notes it, shape (n, 6).
    """

    arrivals: Row
    rows: Row
    calls: Row


class ChunkQueue:
    """The state, and the requests that went in and have not been taken out yet.

    Attributes:
        state: The state of the run.
    """

    def __init__(self, state: Row) -> None:
        self.state = state
        self._first_row = 0
        self._count = 0
        self._taken = 0
        self._arrivals = np.empty((0, layout.ARRIVAL_WIDTH), dtype=np.int64)
        self._rows = np.empty((0, state[layout.ROW_WIDTH]), dtype=np.int64)
        # The other pair is read by whoever counts, while the loop fills this one.
        self._other_arrivals, self._other_rows = self._arrivals, self._rows

    def arrive(self, chunk: Requests, chosen: Row | None = None) -> int:
        """Let requests arrive, and do all that is due before the last of them.

        Args:
            chunk: The next requests.
            chosen: Which of them come here; all if absent.

        Returns:
            How many came.
        """
        self._drop()
        isolate = chunk.isolate
        if chunk.storable is not None:
            isolate = np.where(chunk.storable, isolate, layout.BYPASS - isolate)
        columns = (
            *(chunk.key, chunk.location, isolate, chunk.arrived_at_ns),
            np.arange(chunk.first_id, chunk.first_id + len(chunk)),
        )
        came = len(chunk if chosen is None else chosen)
        done, self._count = self._count, self._count + came
        self._grow(self._count)
        new = slice(done, self._count)
        for column, values in enumerate(columns):
            self._arrivals[new, column] = values if chosen is None else values[chosen]
        self._rows[new, 0] = NEVER
        self._serve(done, until=_NEVER)
        return came

    def catch_up(self, chunk: Requests) -> None:
        """Do all that is due before the last request of a chunk, wherever it came."""
        last = chunk.first_id + len(chunk) - 1
        if last >= chunk.first_id:
            until = (int(chunk.arrived_at_ns[-1]), layout.START + last)
            self._serve(self._count, until=until)

    def finish(self) -> None:
        """Do all that is still due."""
        self._drop()
        self._serve(self._count, until=_AT_LAST)

    def _serve(self, came: int, *, until: tuple[int, int]) -> None:
        m = self.state
        m[layout.FIRST_ROW], m[layout.HANDED], m[layout.CAME] = (
            self._first_row,
            self._count,
            came,
        )
        m[layout.UNTIL], m[layout.UNTIL_ORDER] = until
        arrivals = self._arrivals[: self._count]
        while not serve(self.state, self._rows, arrivals):
            self.state = with_capacity(self.state)

    def finished(self) -> Finished:
        """Return the first requests that are answered, and the calls since the last.

        Requests are views, which hold until the next but one are asked for.
        """
        m = self.state
        calls = (
            m[m[layout.CALL_LOG] :][: m[layout.CALLS] * CALL_WIDTH]
            .reshape(-1, CALL_WIDTH)
            .copy()
        )
        m[layout.CALLS] = 0
        self._taken = finished(self._rows, self._rows.shape[1], self._count)
        return Finished(
            self._arrivals[: self._taken],
            self._rows[: self._taken],
            calls,
        )

    def _drop(self) -> None:
        """Forget the requests that were taken out."""
        left = slice(self._taken, self._count)
        self._first_row += self._taken
        self._count -= self._taken
        self._taken = 0
        rows, arrivals = self._rows[left], self._arrivals[left]
        self._rows, self._other_rows = self._other_rows, self._rows
        self._arrivals, self._other_arrivals = self._other_arrivals, self._arrivals
        self._grow(self._count)
        self._rows[: self._count] = rows
        self._arrivals[: self._count] = arrivals

    def _grow(self, count: int) -> None:
        if count > len(self._rows):
            capacity = max(count, 2 * len(self._rows))
            self._rows = longer(self._rows, capacity)
            self._arrivals = longer(self._arrivals, capacity)
