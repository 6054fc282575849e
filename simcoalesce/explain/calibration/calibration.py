"""Consistency: which observations contradict each other, and what would make them fit.

The plain reading takes every observation as it stands. If some of them are then false,
readings are searched that turn as few parameters as little as possible.
"""

from collections.abc import Sequence

from simcoalesce.explain.calibration.beam_search import BeamSearch
from simcoalesce.explain.calibration.candidate import SEEDS
from simcoalesce.explain.calibration.discrepancy import is_missed
from simcoalesce.explain.calibration.hypothesis import Consistency, Contradiction
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario


def consistency(scenario: Scenario, runner: ScenarioRunner) -> Consistency | None:
    """Say whether all observations of a scenario can be true, and how.

    Args:
        scenario: The incident, with its observations.
        runner: Where to measure.

    Returns:
        The contradictions and the readings; None if nothing was observed.
    """
    if not any(one.that for one in scenario.observations):
        return None
    plain = _reported(scenario)
    misses = _missed(scenario, plain, runner)
    if not misses:
        return Consistency((), (), ())
    without = [
        (other.text, _missed(scenario, _reported(scenario, other), runner))
        for other in scenario.observations
        if other.sets
    ]
    search = BeamSearch(plain, scenario.observations, runner)
    return Consistency(
        tuple(one.text for one in misses),
        tuple(_contradiction(one, without) for one in misses),
        tuple(search.hypotheses()),
    )


def _reported(scenario: Scenario, left_out: Observation | None = None) -> Scenario:
    """Return a scenario as all observations say it, or all but one."""
    said = (one for one in scenario.observations if one is not left_out)
    return scenario.with_overrides(*(change for one in said for change in one.sets))


def _missed(
    scenario: Scenario, hypothesis: Scenario, runner: ScenarioRunner
) -> tuple[Observation, ...]:
    measured = runner.measured(hypothesis, SEEDS)
    return tuple(one for one in scenario.observations if is_missed(one, measured))


def _contradiction(
    missed: Observation, without: Sequence[tuple[str, tuple[Observation, ...]]]
) -> Contradiction:
    """Return without which one of the others an observation would be true."""
    against = (text for text, still_missed in without if missed not in still_missed)
    return Contradiction(missed.text, tuple(against))
