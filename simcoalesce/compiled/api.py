"""Public entry of the compiled engine: arguments and tables as in `model.edge`."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import numpy as np

from simcoalesce.compiled.chunk import Finished
from simcoalesce.compiled.compiled_run import CompiledRun, recorded
from simcoalesce.compiled.counting import Counting
from simcoalesce.compiled.layout import FULL_ROW, SHORT_ROW
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.pipeline import Pipeline
from simcoalesce.compiled.shard_tally import ShardTally
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import window_of
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests


def simulate_compiled(  # noqa: PLR0913 - one argument for each thing it needs
    path: Sequence[Layer],
    chunks: Iterable[Requests],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    agenda: Agenda = NOTHING_ELSE,
    cpu_ns: int = 0,
) -> Outcomes:
    """Send traffic through a path, and return what happened, as `model.edge` does."""
    names: Any = {"seed": seed, "keys": keys, "locations": locations}
    names |= {"agenda": agenda}
    run = CompiledRun(path, **names, row_width=FULL_ROW)
    kept: list[Requests] = []
    rows: list[Row] = []
    calls: list[Row] = []
    for chunk in chunks:
        kept.append(chunk)
        part = run.arrive(chunk)
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


def tally_compiled(  # noqa: PLR0913 - one argument for each thing it needs
    path: Sequence[Layer],
    chunks: Iterable[Requests],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    agenda: Agenda = NOTHING_ELSE,
    cpu_ns: int = 0,
    shards: int = 1,
) -> Tally:
    """Send traffic through a path, and count what happened, row for row.

    Memory holds the requests that are under way, and no others.

    Args:
        path: The layers, as for `simulate`.
        chunks: The traffic.
        seed: Decides all chance in the model.
        keys: Names of the keys.
        locations: Names of the locations.
        agenda: Until when requests arrive, and which keys there are before the run.
        cpu_ns: CPU time of each run of the worker, in nanoseconds.
        shards: Into how many parts to cut the keys, each with a thread of its own. The
            path must allow it (`shards.why_whole`); it changes no count.
    """
    names: Any = {"seed": seed, "keys": keys, "locations": locations}
    names |= {"agenda": agenda}
    runs = [CompiledRun(path, **names, row_width=SHORT_ROW) for _ in range(shards)]
    window_ns = window_of(path[-1].rate_limits)
    counting = Counting(keys=len(keys), locations=len(locations), window_ns=window_ns)
    with Pipeline() as pipeline, ThreadPoolExecutor(shards) as pool:
        each = map if shards == 1 else pool.map
        for chunk in pipeline.ahead(chunks):
            parts = each(CompiledRun.arrive, runs, repeat(chunk), _cut(chunk, shards))
            pipeline.count(counting.add, list(parts))
        pipeline.count(counting.add, [run.end() for run in runs])
    tally = counting.tally
    tally.usage = recorded(runs).counted(cpu_ns, tally.calls.count)
    return tally


def shard_tally_compiled(  # noqa: PLR0913 - one argument for each thing it needs
    path: Sequence[Layer],
    chunks: Iterable[Requests],
    shard: tuple[int, int],
    *,
    seed: int,
    keys: Sequence[str],
    locations: Sequence[str],
    agenda: Agenda = NOTHING_ELSE,
) -> ShardTally:
    """Send the requests of one part of the keys through a path, and count.

    Args:
        path: The layers, as for `simulate`.
        chunks: The traffic of all keys.
        shard: Which part, from 0 on, of how many.
        seed: Decides all chance in the model.
        keys: Names of all keys.
        locations: Names of the locations.
        agenda: Until when requests arrive, and which keys there are before the run.
    """
    which, shards = shard
    names: Any = {"seed": seed, "keys": keys, "locations": locations}
    names |= {"agenda": agenda}
    run = CompiledRun(path, **names, row_width=SHORT_ROW)
    window_ns = window_of(path[-1].rate_limits)
    counting = Counting(keys=len(keys), locations=len(locations), window_ns=window_ns)
    calls: list[Row] = []

    def add(finished: list[Finished]) -> None:
        calls.extend(counting.add_requests(one) for one in finished)

    with Pipeline() as pipeline:
        for chunk in pipeline.ahead(chunks):
            pipeline.count(add, [run.arrive(chunk, _chosen(chunk, which, shards))])
        pipeline.count(add, [run.end()])
    return ShardTally(counting.tally, run.counted(), np.concatenate(calls))


def _cut(chunk: Requests, shards: int) -> Iterator[Row | None]:
    """Yield which requests belong to each part of the keys; None is all."""
    if shards == 1:
        yield None
        return
    for which in range(shards):
        yield _chosen(chunk, which, shards)


def _chosen(chunk: Requests, which: int, shards: int) -> Row:
    """Return which requests belong to one part of the keys."""
    return np.flatnonzero(chunk.key % shards == which)
