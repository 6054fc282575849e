"""The door of the compiled engine: the same arguments and tables as `model.edge`."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from simcoalesce.kernels.assembly import machine
from simcoalesce.kernels.beside import Beside
from simcoalesce.kernels.stretch import Finished, Stretches
from simcoalesce.kernels.tally import count
from simcoalesce.kernels.words import USAGE
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.clock import Clock
from simcoalesce.model.edge import entrance
from simcoalesce.model.layer import Layer
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import OriginRows, Outcomes
from simcoalesce.request import Requests

_COUNTED: Final = (
    "worker_requests",
    "kv_reads",
    "kv_writes",
    "kv_writes_refused",
    "object_requests",
    "object_active_ns",
    "object_peak_queue",
    "response_bytes",
)
"""Counted operations in the order of the machine's."""


def simulate(
    path: Sequence[Layer],
    stretches: Iterable[Requests],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
) -> Outcomes:
    """Send traffic through a path, and return what happened, as `model.edge` does."""
    run = _Run(path, seed=seed, keys=keys, locations=locations)
    kept: list[Requests] = []
    rows, calls = [], []
    for part in run.through(_kept(stretches, kept)):
        rows.append(part.rows.copy())
        calls.append(part.calls)
    return run.recorder().tables(
        Requests.joined(kept),
        answers=np.concatenate(rows),
        calls=np.concatenate(calls),
        keys=keys,
        locations=locations,
        cpu_ns=cpu_ns,
    )


def tally(
    path: Sequence[Layer],
    stretches: Iterable[Requests],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
) -> Tally:
    """Send traffic through a path, and count what happened, row for row.

    Memory holds the requests that are under way, and no others.
    """
    run = _Run(path, seed=seed, keys=keys, locations=locations)
    counted = Tally(keys=len(keys), locations=len(locations))
    counts = (counted.counts, counted.windows.open, len(keys))

    def add(part: Finished) -> None:
        waits = np.empty(len(part.rows), dtype=np.int64)
        answered = count(counts, part.arrivals, part.rows, part.first_id, waits)
        counted.answered.add(waits[:answered])
        counted.failed.add(waits[answered:])
        counted.calls.add(OriginRows(*part.calls.T))

    with Beside() as beside:
        for part in run.through(beside.ahead(stretches)):
            beside.count(add, part)
    counted.usage = run.recorder().counted(cpu_ns, counted.calls.count)
    return counted


class _Run:
    """A machine, and what is counted while traffic goes through it."""

    def __init__(
        self,
        path: Sequence[Layer],
        *,
        seed: int,
        keys: Sequence[str],
        locations: Sequence[str],
    ) -> None:
        self._recorder = Recorder()
        first = entrance(
            Clock(), self._recorder, seed=seed, keys=keys, locations=locations
        )
        self._stretches = Stretches(machine(path, first))

    def through(self, stretches: Iterable[Requests]) -> Iterator[Finished]:
        """Yield all requests as they are answered, in order of arrival."""
        for stretch in stretches:
            self._stretches.arrive(stretch)
            self._recorder.usage.worker_requests += len(stretch)
            yield self._stretches.finished()
        self._stretches.finish()
        yield self._stretches.finished()

    def recorder(self) -> Recorder:
        """Return the recorder, with what the machine has counted."""
        counts = self._stretches.machine[USAGE : USAGE + len(_COUNTED)].tolist()
        usage = self._recorder.usage
        for name, counted in zip(_COUNTED, counts, strict=True):
            setattr(usage, name, getattr(usage, name) + counted)
        return self._recorder


def _kept(stretches: Iterable[Requests], kept: list[Requests]) -> Iterator[Requests]:
    for stretch in stretches:
        kept.append(stretch)
        yield stretch
