"""Public entry of the compiled engine: arguments and tables as in `model.edge`."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import repeat
from typing import Any, Final

import numpy as np

from simcoalesce.compiled.call_log import CALLED_AT
from simcoalesce.compiled.compiled_run import CompiledRun, recorded
from simcoalesce.compiled.parameters import Row
from simcoalesce.compiled.pipeline import Pipeline
from simcoalesce.compiled.rows import RequestRow
from simcoalesce.compiled.shard_tally import ShardTally
from simcoalesce.metrics.tally import Tally
from simcoalesce.model.change import NOTHING_ELSE, Agenda
from simcoalesce.model.layer import Layer
from simcoalesce.model.rate_limit import window_of
from simcoalesce.outcomes import OriginRows, Outcomes
from simcoalesce.request import Requests
from simcoalesce.traffic.drawn_traffic import DrawnTraffic

_DRAWN_AT_ONCE: Final = 65_536
"""After so many drawn requests somebody is told, and Ctrl-C is heard."""


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
    run = CompiledRun(path, **names, tally=None, agenda=agenda)
    kept: list[Requests] = []
    for chunk in chunks:
        kept.append(chunk)
        run.arrive(chunk)
    run.end()
    requests = Requests.joined(kept)
    rows = run.rows[: len(requests) * RequestRow.width]
    return recorded([run]).tables(
        requests,
        answers=rows.reshape(-1, RequestRow.width),
        calls=run.calls(),
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
    drawn: DrawnTraffic | None = None,
    on_requests: Callable[[int], None] = lambda _made: None,
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
        drawn: How the same requests are drawn, if it is known; one shard does it.
        on_requests: Called now and then with how many requests have been made.
    """
    drawn = drawn if shards == 1 else None
    tallies = [_tally(path, keys, locations) for _ in range(shards)]
    names: Any = {"seed": seed, "keys": keys, "locations": locations, "agenda": agenda}
    names |= {"logs_calls": shards > 1, "drawn": drawn}
    runs = [
        CompiledRun(path, **names, tally=tally, part=(which, shards))
        for which, tally in enumerate(tallies)
    ]
    whole = tallies[0]
    if drawn is None:
        _arrive(runs, chunks, whole, on_requests)
    else:
        _draw(runs[0], on_requests)
    for other in tallies[1:]:
        whole.absorb(other)
    whole.usage = recorded(runs).counted(cpu_ns, whole.calls.count)
    return whole


def _arrive(
    runs: Sequence[CompiledRun],
    chunks: Iterable[Requests],
    whole: Tally,
    on_requests: Callable[[int], None],
) -> None:
    """Let all requests arrive, and run to the end, each part in a thread of its own."""
    shards = len(runs)
    with Pipeline() as pipeline, ThreadPoolExecutor(shards) as pool:
        each = map if shards == 1 else pool.map
        for chunk in pipeline.ahead(chunks):
            list(each(CompiledRun.arrive, runs, repeat(chunk)))
            on_requests(chunk.first_id + len(chunk))
            if shards > 1:
                calls = [run.calls() for run in runs]
                pipeline.do(partial(_add_calls, whole, calls))
        list(each(CompiledRun.end, runs))
    if shards > 1:
        _add_calls(whole, [run.calls() for run in runs])


def _draw(run: CompiledRun, on_requests: Callable[[int], None]) -> None:
    """Let all requests arrive that can be drawn, and run to the end."""
    made = most = 0
    while made == most:
        most += _DRAWN_AT_ONCE
        made = run.draw(most)
        on_requests(made)
    run.end()


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
    tally = _tally(path, keys, locations)
    names: Any = {"seed": seed, "keys": keys, "locations": locations, "agenda": agenda}
    run = CompiledRun(path, **names, tally=tally, part=shard, logs_calls=True)
    calls: list[Row] = []
    with Pipeline() as pipeline:
        for chunk in pipeline.ahead(chunks):
            run.arrive(chunk)
            calls.append(run.calls())
    run.end()
    return ShardTally(tally, run.counted(), np.concatenate([*calls, run.calls()]))


def _tally(
    path: Sequence[Layer], keys: Sequence[str], locations: Sequence[str]
) -> Tally:
    window_ns = window_of(path[-1].rate_limits)
    return Tally(keys=len(keys), locations=len(locations), window_ns=window_ns)


def _add_calls(tally: Tally, parts: Sequence[Row]) -> None:
    """Count calls of all parts of the keys, up to the same instant."""
    calls = np.concatenate(parts)
    if len(parts) > 1:
        calls = calls[np.argsort(calls[:, CALLED_AT], kind="stable")]
    tally.calls.add(OriginRows(*calls.T))
