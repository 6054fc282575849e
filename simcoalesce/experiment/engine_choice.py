"""Which engine simulates: the readable one, or the compiled one that equals it."""

import os
from dataclasses import replace
from itertools import chain, islice
from multiprocessing import parent_process
from typing import Any, Final, Literal, TypeAlias

from simcoalesce.compiled.coverage import why_not
from simcoalesce.compiled.object_cache import is_warm
from simcoalesce.compiled.shard_tally import ShardTally
from simcoalesce.compiled.shards import why_whole
from simcoalesce.metrics.tally import Tally
from simcoalesce.model import edge
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic import GeneratedTraffic

Engine: TypeAlias = Literal["auto", "simpy", "compiled"]
"""auto takes the compiled engine where it can and where it is worth the start."""

_REQUESTS_PER_S: Final = 60_000
"""What the SimPy engine does on one core, roughly (docs/performance.md)."""
_FULL: Final = 65_536
"""A first chunk of so many requests is the first of many."""
_WARM_START_S: Final = 0.1
_COLD_START_S: Final = 20.0


def outcomes_of(
    scenario: Scenario,
    traffic: GeneratedTraffic,
    *,
    seed: int,
    engine: Engine,
    repeats: int = 1,
) -> Outcomes:
    """Send a traffic through a scenario's path.

    Both engines give the same bytes, so the choice changes only the time it takes.

    Args:
        scenario: Whose path.
        traffic: Who comes.
        seed: Decides all chance in the model.
        engine: Which engine to use.
        repeats: How many runs of this kind are to come, this one included.

    Raises:
        ValueError: If the compiled engine is demanded and cannot do it.
    """
    traffic, requests = _looked_into(traffic)
    run = edge.simulate
    if is_compiled(scenario, traffic, engine, repeats * requests):
        run = _kernels().simulate_compiled
    return run(scenario.path, traffic.chunks, **_named(scenario, traffic, seed))


def tally_of(
    scenario: Scenario,
    traffic: GeneratedTraffic,
    *,
    seed: int,
    engine: Engine,
    repeats: int = 1,
    shards: int | None = None,
) -> Tally:
    """Send a traffic through a scenario's path, and count what metrics need.

    It is `Tally.of` what `simulate` returns, with the same arguments. No rows are kept
    but those of requests that are under way; the compiled engine makes none.

    Args:
        scenario: Whose path.
        traffic: Who comes.
        seed: Decides all chance in the model.
        engine: Which engine to use.
        repeats: How many runs of this kind are to come, this one included.
        shards: Into how many parts the compiled engine may cut the keys, each with a
            core of its own; by default as many as there are cores to spare. Keys that
            share something stay together (`why_whole`). It changes no count.
    """
    traffic, requests = _looked_into(traffic)
    names = _named(scenario, traffic, seed)
    if is_compiled(scenario, traffic, engine, repeats * requests):
        if shards is None:
            shards = _cores_to_spare() if requests >= _FULL else 1
        if shards > 1 and why_whole(scenario.path):
            shards = 1
        counted: Tally = _kernels().tally_compiled(
            scenario.path, traffic.chunks, **names, shards=shards
        )
        return counted
    return _streamed(scenario, traffic, names)


def shard_tally_of(
    scenario: Scenario, traffic: GeneratedTraffic, shard: tuple[int, int], seed: int
) -> ShardTally:
    """Send the requests of one part of the keys through the compiled engine.

    Args:
        scenario: Whose path.
        traffic: All who come.
        shard: Which part of the keys, from 0 on, of how many.
        seed: Decides all chance in the model.

    Raises:
        ValueError: If the compiled engine cannot do it.
    """
    is_compiled(scenario, traffic, "compiled", 0)
    counted: ShardTally = _kernels().shard_tally_compiled(
        scenario.path,
        traffic.chunks,
        shard,
        seed=seed,
        keys=traffic.keys,
        locations=traffic.locations,
    )
    return counted


def _streamed(
    scenario: Scenario, traffic: GeneratedTraffic, names: dict[str, Any]
) -> Tally:
    counted = Tally(keys=len(traffic.keys), locations=len(traffic.locations))

    def take(rows: RequestRows, calls: OriginRows) -> None:
        counted.add(rows)
        counted.calls.add(calls)

    counted.usage = edge.stream(scenario.path, traffic.chunks, take, **names)
    return counted


def _cores_to_spare() -> int:
    """Return how many cores there are beside the one that makes the traffic."""
    if parent_process() is not None:
        # One of several processes, e.g. of a sweep: the others have the other cores.
        return 1
    return max((os.cpu_count() or 1) - 1, 1)


def _looked_into(traffic: GeneratedTraffic) -> tuple[GeneratedTraffic, int]:
    """Return a traffic, and how many requests its first chunk has."""
    chunks = iter(traffic.chunks)
    first = tuple(islice(chunks, 1))
    seen = replace(traffic, chunks=chain(first, chunks))
    return seen, sum(len(chunk) for chunk in first)


def _named(scenario: Scenario, traffic: GeneratedTraffic, seed: int) -> dict[str, Any]:
    return {
        "seed": seed,
        "keys": traffic.keys,
        "locations": traffic.locations,
        "cpu_ns": scenario.worker.cpu_ns,
    }


def is_compiled(
    scenario: Scenario, traffic: GeneratedTraffic, engine: Engine, requests: int
) -> bool:
    """Say whether to use the compiled engine.

    Args:
        scenario: Whose path.
        traffic: Who comes.
        engine: What was asked for.
        requests: How many there will be at least, over all runs to come.

    Raises:
        ValueError: If it is demanded and cannot do it.
    """
    if engine == "simpy":
        return False
    if engine == "auto" and requests < _REQUESTS_PER_S * _WARM_START_S:
        return False
    reason = why_not(
        scenario.path, keys=len(traffic.keys), locations=len(traffic.locations)
    )
    if engine == "compiled" and reason:
        raise ValueError(f"engine: compiled is not possible: {reason}")
    return engine == "compiled" or (not reason and _is_worth_it(requests))


def _is_worth_it(requests: int) -> bool:
    return requests >= _REQUESTS_PER_S * _COLD_START_S or is_warm()


def _kernels() -> Any:
    from simcoalesce.compiled import api  # noqa: PLC0415 - few commands want it

    return api
