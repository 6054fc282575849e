"""One run: the way from a scenario to its outcomes."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from simcoalesce.experiment import engine as engines
from simcoalesce.experiment.engine import Engine
from simcoalesce.kernels.part import Part
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
    crowd = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    if most is not None:
        crowd = replace(crowd, stretches=_first(crowd.stretches, most))
    engine = engine or scenario.engine
    outcomes = engines.simulate(
        scenario, crowd, seed=seed, engine=engine, repeats=repeats
    )
    return replace(outcomes, warnings=tuple(crowd.warnings))


def tally(
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
        on_requests: Called after each stretch with how many requests have been made.

    Returns:
        The counts, equal to those of the tables that `run` returns.
    """
    seed = scenario.seed if seed is None else seed
    crowd = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    if on_requests is not None:
        crowd = replace(crowd, stretches=_told(crowd.stretches, on_requests))
    engine = engine or scenario.engine
    return engines.tally(
        scenario, crowd, seed=seed, engine=engine, repeats=repeats, shards=shards
    )


def part(scenario: Scenario, *, shard: tuple[int, int], seed: int) -> Part:
    """Simulate what happens to one part of the keys, which share nothing with others.

    Args:
        scenario: What to simulate.
        shard: Which part, from 0 on, of how many; `kernels.part.whole` joins them.
        seed: Decides all chance.
    """
    crowd = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    return engines.part(scenario, crowd, shard, seed)


def _told(
    stretches: Iterator[Requests], on_requests: Callable[[int], None]
) -> Iterator[Requests]:
    for stretch in stretches:
        yield stretch
        on_requests(stretch.first_id + len(stretch))


def _first(stretches: Iterator[Requests], most: int) -> Iterator[Requests]:
    for stretch in stretches:
        yield stretch if len(stretch) <= most else stretch.first(most)
        most -= len(stretch)
        if most <= 0:
            return
