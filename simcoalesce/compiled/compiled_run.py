"""Run of the compiled engine: traffic in, answered requests out."""

from collections.abc import Sequence
from typing import Any

from simcoalesce.compiled.chunk import ChunkQueue, Finished
from simcoalesce.compiled.encode import initial_state
from simcoalesce.compiled.layout import ROW_WIDTH, USAGE
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.usage import COUNTED, note
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.clock import Clock
from simcoalesce.model.edge import entrance
from simcoalesce.model.layer import Layer
from simcoalesce.model.recorder import Recorder
from simcoalesce.request import Requests


class CompiledRun:
    """A run of requests of some keys, or of all."""

    def __init__(
        self,
        path: Sequence[Layer],
        *,
        seed: int,
        keys: Sequence[str],
        locations: Sequence[str],
        row_width: int,
        agenda: Agenda = NOTHING_ELSE,
    ) -> None:
        """Begin before anything happens.

        Args:
            path: The layers.
            seed: Decides all chance in the model.
            keys: Names of all keys of the traffic.
            locations: Names of the locations.
            row_width: FULL_ROW, or SHORT_ROW if rows are only counted.
            agenda: Until when requests arrive, and which keys there are before the run.
        """
        self.recorder = Recorder()
        names: Any = {"seed": seed, "keys": keys, "locations": locations}
        first = entrance(Clock(), self.recorder, agenda, **names)
        memory = initial_state(path, first)
        memory[ROW_WIDTH] = row_width
        self._chunks = ChunkQueue(memory)
        self._arrived = 0

    def arrive(self, chunk: Requests, chosen: Row | None = None) -> Finished:
        """Let requests arrive; return those that are answered by now.

        Args:
            chunk: The next requests.
            chosen: Which of them come here; all if absent.
        """
        self._arrived += self._chunks.arrive(chunk, chosen)
        if chosen is not None:
            # Parts of the keys keep step: their calls are merged chunk by chunk.
            self._chunks.catch_up(chunk)
        return self._chunks.finished()

    def end(self) -> Finished:
        """Do all that is still due; return the requests that were left."""
        self._chunks.finish()
        return self._chunks.finished()

    def counted(self) -> dict[str, int]:
        """Return the counted operations so far."""
        counts = self._chunks.state[USAGE : USAGE + len(COUNTED)].tolist()
        counted = dict(zip(COUNTED, counts, strict=True))
        counted["worker_requests"] += self._arrived
        return counted


def recorded(runs: Sequence[CompiledRun]) -> Recorder:
    """Return the recorder of one of several runs, with what all of them counted."""
    return note(runs[0].recorder, [run.counted() for run in runs])
