"""Executors: who does the work of a sweep - this process, some others, or a cluster."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from logging import getLogger
from typing import Final, TypeAlias

from simcoalesce.experiment.sweeps.point import (
    PointDone,
    PointTask,
    PointWorker,
    SweepPoint,
)
from simcoalesce.processes import NotStartedError, processes

Executor: TypeAlias = Callable[[PointWorker, Sequence[PointTask]], Iterator[PointDone]]
"""Does the work, and yields what is done as soon as it is, in any order."""

_MOST_DEATHS: Final = 3
"""So often in a row may processes die with nothing done before the work is at fault."""
_AHEAD: Final = 8
"""Points for each process that are handed out before they are begun."""
_log: Final = getLogger(__name__)


def in_this_process(
    worker: PointWorker, tasks: Sequence[PointTask]
) -> Iterator[PointDone]:
    """Do one thing after the other."""
    yield from map(worker.done, tasks)


def in_processes(jobs: int) -> Executor:
    """Return an executor with some processes of its own, which stay alive throughout.

    A process that dies takes nothing with it: others do what it had not done. Where
    the system starts none, this process does the rest.
    """

    def execute(worker: PointWorker, tasks: Sequence[PointTask]) -> Iterator[PointDone]:
        left = dict(tasks)
        deaths = 0
        while left and deaths < _MOST_DEATHS:
            deaths += 1
            try:
                pooled = _pooled(worker, [*left.items()], min(jobs, len(left)))
                for index, point in pooled:
                    deaths = 0
                    del left[index]
                    yield index, point
            except NotStartedError as error:
                _log.warning("%s; this process does all points", error)
                yield from in_this_process(worker, [*left.items()])
                return
        failure = "the process that simulates it dies each time"
        for index, overrides in left.items():
            yield index, SweepPoint(overrides, failure=failure)

    return execute


def _pooled(
    worker: PointWorker, tasks: Sequence[PointTask], jobs: int
) -> Iterator[PointDone]:
    """Yield what a pool does, until all is done or one of its processes dies."""
    left = iter(tasks)
    # The others of a pool of which one has died must not be waited for.
    with suppress(BrokenProcessPool), processes(jobs, _begin, worker) as pool:
        # To wait for all of them at once would take longer than some of the work.
        waiting = {pool.submit(_done, task) for task in islice(left, _AHEAD * jobs)}
        while waiting:
            ready, waiting = pool.first_of(waiting)
            more = islice(left, len(ready))
            waiting |= {pool.submit(_done, task) for task in more}
            yield from sorted((f.result() for f in ready), key=lambda done: done[0])


_workers: list[PointWorker] = []
"""In a process of the pool: its worker, with the scenario that is sent once."""


def _begin(worker: PointWorker) -> None:
    _workers[:] = [worker]


def _done(task: PointTask) -> PointDone:
    return _workers[0].done(task)
