"""The door of the compiled engine: the same arguments and tables as `model.edge`."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import numpy as np

from simcoalesce.kernels.beside import Beside
from simcoalesce.kernels.counting import Counting
from simcoalesce.kernels.part import Part
from simcoalesce.kernels.program import Row
from simcoalesce.kernels.run import Run, recorded
from simcoalesce.kernels.stretch import Finished
from simcoalesce.kernels.words import FULL_ROW, SHORT_ROW
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests


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
    names: Any = {"seed": seed, "keys": keys, "locations": locations}
    run = Run(path, **names, row_width=FULL_ROW)
    kept: list[Requests] = []
    rows: list[Row] = []
    calls: list[Row] = []
    for stretch in stretches:
        kept.append(stretch)
        part = run.arrive(stretch)
        rows.append(part.rows.copy())
        calls.append(part.calls)
    part = run.end()
    return recorded([run]).tables(
        Requests.joined(kept),
        answers=np.concatenate([*rows, part.rows]),
        calls=np.concatenate([*calls, part.calls]),
        keys=keys,
        locations=locations,
        cpu_ns=cpu_ns,
    )


def tally(  # noqa: PLR0913 - one argument for each thing it needs
    path: Sequence[Layer],
    stretches: Iterable[Requests],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    cpu_ns: int = 0,
    shards: int = 1,
) -> Tally:
    """Send traffic through a path, and count what happened, row for row.

    Memory holds the requests that are under way, and no others.

    Args:
        path: The layers, as for `simulate`.
        stretches: The traffic.
        seed: Decides all chance in the model.
        keys: Names of the keys.
        locations: Names of the locations.
        cpu_ns: CPU time of each worker request, in nanoseconds.
        shards: Into how many parts to cut the keys, each with a thread of its own. The
            path must allow it (`shards.why_whole`); it changes no count.
    """
    names: Any = {"seed": seed, "keys": keys, "locations": locations}
    runs = [Run(path, **names, row_width=SHORT_ROW) for _ in range(shards)]
    counting = Counting(keys=len(keys), locations=len(locations))
    with Beside() as beside, ThreadPoolExecutor(shards) as pool:
        each = map if shards == 1 else pool.map
        for stretch in beside.ahead(stretches):
            parts = each(Run.arrive, runs, repeat(stretch), _cut(stretch, shards))
            beside.count(counting.add, list(parts))
        beside.count(counting.add, [run.end() for run in runs])
    tally = counting.tally
    tally.usage = recorded(runs).counted(cpu_ns, tally.calls.count)
    return tally


def part(
    path: Sequence[Layer],
    stretches: Iterable[Requests],
    shard: tuple[int, int],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
) -> Part:
    """Send the requests of one part of the keys through a path, and count.

    Args:
        path: The layers, as for `simulate`.
        stretches: The traffic of all keys.
        shard: Which part, from 0 on, of how many.
        seed: Decides all chance in the model.
        keys: Names of all keys.
        locations: Names of the locations.
    """
    which, shards = shard
    names: Any = {"seed": seed, "keys": keys, "locations": locations}
    run = Run(path, **names, row_width=SHORT_ROW)
    counting = Counting(keys=len(keys), locations=len(locations))
    calls: list[Row] = []

    def add(finished: list[Finished]) -> None:
        calls.extend(counting.add_requests(one) for one in finished)

    with Beside() as beside:
        for stretch in beside.ahead(stretches):
            beside.count(add, [run.arrive(stretch, _chosen(stretch, which, shards))])
        beside.count(add, [run.end()])
    return Part(counting.tally, run.counted(), np.concatenate(calls))


def _cut(stretch: Requests, shards: int) -> Iterator[Row | None]:
    """Yield which requests belong to each part of the keys; None is all."""
    if shards == 1:
        yield None
        return
    for which in range(shards):
        yield _chosen(stretch, which, shards)


def _chosen(stretch: Requests, which: int, shards: int) -> Row:
    """Return which requests belong to one part of the keys."""
    return np.flatnonzero(stretch.key % shards == which)
