"""One run: the way from a scenario to its outcomes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from simcoalesce.compiled.shard_tally import ShardTally
from simcoalesce.experiment.engine_choice import (
    Engine,
    outcomes_of,
    shard_tally_of,
    tally_of,
)
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from simcoalesce.scenario.scenario import Scenario


def run(
    scenario: Scenario,
    *,
    seed: int | None = None,
    engine: Engine | None = None,
    repeats: int = 1,
    most: int | None = None,
) -> Outcomes:
    """Simulate a scenario once, and keep a row of each request.

    Args:
        scenario: What to simulate.
        seed: Decides all chance; the scenario's own if absent.
        engine: Which engine; the scenario's own choice if absent. It changes no byte.
        repeats: How many runs of this kind are to come, this one included: a hint on
            what is worth compiling.
        most: How many requests at most are to arrive; all if absent. What happens to
            the first ones does not depend on those who come later.

    Returns:
        The three tables of the run. The same scenario and seed give the same bytes.
    """
    seed = scenario.seed if seed is None else seed
    traffic = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    if most is not None:
        traffic = replace(traffic, chunks=_first(traffic.chunks, most))
    engine = engine or scenario.engine
    outcomes = outcomes_of(scenario, traffic, seed=seed, engine=engine, repeats=repeats)
    return replace(outcomes, warnings=tuple(traffic.warnings))


def run_tally(
    scenario: Scenario,
    *,
    seed: int | None = None,
    engine: Engine | None = None,
    repeats: int = 1,
    shards: int | None = None,
    on_requests: Callable[[int], None] | None = None,
) -> Tally:
    """Simulate a scenario once, and keep only what metrics need, not the rows.

    Args:
        scenario: What to simulate.
        seed: Decides all chance; the scenario's own if absent.
        engine: Which engine; the scenario's own choice if absent.
        repeats: How many runs of this kind are to come, as for `run`.
        shards: Into how many parts to cut the keys, if they share nothing; by default
            as many as there are cores to spare. It changes no count.
        on_requests: Called after each chunk with how many requests have been made.

    Returns:
        The counts, equal to those of the tables that `run` returns.
    """
    seed = scenario.seed if seed is None else seed
    traffic = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    if on_requests is not None:
        traffic = replace(traffic, chunks=_told(traffic.chunks, on_requests))
    engine = engine or scenario.engine
    return tally_of(
        scenario, traffic, seed=seed, engine=engine, repeats=repeats, shards=shards
    )


def run_shard(scenario: Scenario, *, shard: tuple[int, int], seed: int) -> ShardTally:
    """Simulate what happens to one part of the keys, which share nothing with others.

    Args:
        scenario: What to simulate.
        shard: Which part, from 0 on, of how many; `kernels.part.whole` joins them.
        seed: Decides all chance.
    """
    traffic = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    return shard_tally_of(scenario, traffic, shard, seed)


def _told(
    chunks: Iterator[Requests], on_requests: Callable[[int], None]
) -> Iterator[Requests]:
    for chunk in chunks:
        yield chunk
        on_requests(chunk.first_id + len(chunk))


def _first(chunks: Iterator[Requests], most: int) -> Iterator[Requests]:
    for chunk in chunks:
        yield chunk if len(chunk) <= most else chunk.first(most)
        most -= len(chunk)
        if most <= 0:
            return
