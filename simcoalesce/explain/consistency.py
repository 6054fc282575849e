"""Consistency: which observations contradict each other, and what would make them fit.

The plain reading takes every observation as it stands. If some of them are then false,
readings are searched that turn as few dials as little as possible.
"""

from collections.abc import Sequence

from simcoalesce.explain.bench import Bench
from simcoalesce.explain.misfit import is_missed
from simcoalesce.explain.node import SEEDS
from simcoalesce.explain.reading import Consistency, Contradiction
from simcoalesce.explain.search import Search
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario


def consistency(scenario: Scenario, bench: Bench) -> Consistency | None:
    """Say whether all observations of a scenario can be true, and how.

    Args:
        scenario: The incident, with its observations.
        bench: Where to measure.

    Returns:
        The contradictions and the readings; None if nothing was observed.
    """
    if not any(one.that for one in scenario.observations):
        return None
    plain = _reported(scenario)
    misses = _missed(scenario, plain, bench)
    if not misses:
        return Consistency((), (), ())
    without = [
        (other.text, _missed(scenario, _reported(scenario, other), bench))
        for other in scenario.observations
        if other.sets
    ]
    search = Search(plain, scenario.observations, bench)
    return Consistency(
        tuple(one.text for one in misses),
        tuple(_contradiction(one, without) for one in misses),
        tuple(search.readings()),
    )


def _reported(scenario: Scenario, left_out: Observation | None = None) -> Scenario:
    """Return a scenario as all observations say it, or all but one."""
    said = (one for one in scenario.observations if one is not left_out)
    return scenario.with_overrides(*(change for one in said for change in one.sets))


def _missed(
    scenario: Scenario, reading: Scenario, bench: Bench
) -> tuple[Observation, ...]:
    measured = bench.measured(reading, SEEDS)
    return tuple(one for one in scenario.observations if is_missed(one, measured))


def _contradiction(
    missed: Observation, without: Sequence[tuple[str, tuple[Observation, ...]]]
) -> Contradiction:
    """Return without which one of the others an observation would be true."""
    against = (text for text, still_missed in without if missed not in still_missed)
    return Contradiction(missed.text, tuple(against))
