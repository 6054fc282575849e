"""Consistency: whether all observations can be true at once, and how."""

from collections.abc import Sequence

from simcoalesce.explain.calibration.candidate import SEEDS, Candidates
from simcoalesce.explain.calibration.discrepancy import is_unexplained
from simcoalesce.explain.calibration.hypothesis import Consistency, Contradiction
from simcoalesce.explain.calibration.rivals import rival_hypotheses
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.scenario.incident import Observation
from simcoalesce.scenario.scenario import Scenario


def consistency(scenario: Scenario, runner: ScenarioRunner) -> Consistency | None:
    """Say whether all observations of a scenario can be true, and how.

    Returns:
        The contradictions and the hypotheses; None if nothing was observed.
    """
    conditions = [one.that for one in scenario.observations if one.that]
    if not conditions:
        return None
    names = (name for condition in conditions for name in condition.names)
    scenario = scenario.with_metrics(*names)
    reported = _reported(scenario)
    unexplained = _unexplained(scenario, reported, runner)
    if not unexplained:
        return Consistency((), (), ())
    without = [
        (other.text, _unexplained(scenario, _reported(scenario, other), runner))
        for other in scenario.observations
        if other.sets
    ]
    candidates = Candidates(reported, scenario.observations, runner)
    return Consistency(
        tuple(one.text for one in unexplained),
        tuple(_contradiction(one, without) for one in unexplained),
        rival_hypotheses(candidates),
    )


def _reported(scenario: Scenario, left_out: Observation | None = None) -> Scenario:
    """Return a scenario as all observations say it, or all but one."""
    kept = (one for one in scenario.observations if one is not left_out)
    return scenario.with_overrides(*(change for one in kept for change in one.sets))


def _unexplained(
    scenario: Scenario, hypothesis: Scenario, runner: ScenarioRunner
) -> tuple[Observation, ...]:
    measured = runner.measured(hypothesis, SEEDS)
    return tuple(one for one in scenario.observations if is_unexplained(one, measured))


def _contradiction(
    observation: Observation, without: Sequence[tuple[str, tuple[Observation, ...]]]
) -> Contradiction:
    """Return each other observation without which this one would be true."""
    against = (text for text, still in without if observation not in still)
    return Contradiction(observation.text, tuple(against))
