"""Run of the compiled engine: traffic in, rows or counts out."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from simcoalesce.compiled.beginning import TrafficFacts, beginning
from simcoalesce.compiled.call_log import Call
from simcoalesce.compiled.capacity import longer, safe_turns, with_capacity
from simcoalesce.compiled.coming import BLOCK, hand_over, with_coming
from simcoalesce.compiled.drawn_phases import with_traffic
from simcoalesce.compiled.event_queue import NO_INSTANT
from simcoalesce.compiled.fetched_counts import FetchedCounts
from simcoalesce.compiled.loop import serve
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.record import fields_of
from simcoalesce.compiled.rows import RequestRow
from simcoalesce.compiled.state import OperationCounts, State
from simcoalesce.compiled.usage import note
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.clock import START
from simcoalesce.model.layer import Layer
from simcoalesce.model.recorder import Recorder
from simcoalesce.model.worker_runs import last_cache_before_worker
from simcoalesce.outcomes import NEVER
from simcoalesce.request import Requests
from simcoalesce.traffic.drawn_traffic import DrawnTraffic

_NO_ROWS: Final = np.empty(0, dtype=np.int64)
_AT_ONCE: Final = (NEVER, 0)
"""An instant before all, and what comes before it there: nothing is due."""
_AT_LAST: Final = (NO_INSTANT, 0)


class CompiledRun:
    """A run of the requests of some keys, or of all.

    Attributes:
        recorder: Knows the names of what serves requests.
        numbers: The state.
        rows: When each request was answered, and its answer, if rows are wanted.
    """

    def __init__(  # noqa: PLR0913 - one argument for each thing it needs
        self,
        path: Sequence[Layer],
        *,
        seed: int,
        keys: Sequence[str],
        locations: Sequence[str],
        tally: Tally | None,
        part: tuple[int, int] = (0, 1),
        logs_calls: bool = False,
        agenda: Agenda = NOTHING_ELSE,
        drawn: DrawnTraffic | None = None,
    ) -> None:
        """Begin before anything happens.

        Args:
            path: The layers.
            seed: Decides all chance in the model.
            keys: Names of all keys of the traffic.
            locations: Names of the locations.
            tally: What requests are counted in; without it each gets a row.
            part: Which part of the keys belongs here, from 0 on, and of how many.
            logs_calls: Whether calls are kept one by one, as they are beside rows.
            agenda: Until when requests arrive, and which keys there are before the run.
            drawn: How its requests are drawn; if absent, they are handed over.
        """
        self._counts = None if tally is None else FetchedCounts(tally)
        traffic = TrafficFacts(keys, locations, agenda)
        self._beginning = beginning(path, traffic, seed, self._counts)
        self.recorder = Recorder()
        for name in self._beginning.names:
            self.recorder.code_of(name)
        self.numbers = self._beginning.under(seed)
        if drawn is not None:
            self.numbers = with_coming(with_traffic(self.numbers, drawn), BLOCK)
        self._has_cache = last_cache_before_worker(path) is not None
        self._state.part, self._state.parts = part
        self._state.has_rows = tally is None
        self._state.has_call_log = tally is None or logs_calls
        self.rows = _NO_ROWS

    @property
    def _state(self) -> State:
        return State(self.numbers, 0)

    def arrive(self, chunk: Requests) -> None:
        """Let requests arrive, and do all that is due before the last of them."""
        made = chunk.first_id + len(chunk)
        if self._state.has_rows and made * RequestRow.width > len(self.rows):
            self.rows = longer(self.rows, 2 * made * RequestRow.width)
        self.numbers = hand_over(self.numbers, chunk)
        until = _AT_ONCE
        if len(chunk) and self._state.parts > 1:
            # Parts of the keys keep step: their calls are merged chunk by chunk.
            until = (int(chunk.arrived_at_ns[-1]), START + made - 1)
        self._serve(until)

    def draw(self, most: int) -> int:
        """Draw requests and let them arrive; return how many there are so far.

        Args:
            most: How many there may be so far; if there are fewer, those are all.
        """
        self._state.traffic.most = most
        self._serve(_AT_ONCE)
        return self._state.first_request + self._state.handed

    def end(self) -> None:
        """Do all that is still due."""
        self._serve(_AT_LAST)
        if self._counts is not None:
            self._counts.end(self.numbers)
        self._beginning.expect(len(self.numbers))

    def _serve(self, until: tuple[int, int]) -> None:
        self._state.until, self._state.until_order = until
        counts = self._counts
        while not serve(self.numbers, self.rows if counts is None else counts.kept):
            if counts is not None:
                self.numbers = counts.fetch(self.numbers)
            self.numbers = with_capacity(self.numbers)
            assert safe_turns(self._state) > 0, "there is capacity for a turn"

    def calls(self) -> Row:
        """Return the calls since the last time, shape (calls, 6)."""
        state, numbers = self._state, self.numbers
        held = numbers[state.call_log :][: state.calls * Call.width]
        state.calls = 0
        return held.reshape(-1, Call.width).copy()

    def counted(self) -> dict[str, int]:
        """Return the counted operations so far."""
        usage = self._state.usage
        counted = {name: getattr(usage, name) for name in fields_of(OperationCounts)}
        if not self._has_cache:
            del counted["worker_runs"]
        for unit, addresses in self._beginning.counters.items():
            counted[unit] = int(self.numbers[addresses].sum())
        return counted


def recorded(runs: Sequence[CompiledRun]) -> Recorder:
    """Return the recorder of one of several runs, with what all of them counted."""
    return note(runs[0].recorder, [run.counted() for run in runs])
