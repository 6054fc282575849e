"""A threshold separates settings that meet the goal from those that do not."""

from simcoalesce.explain.counterfactuals.goal import goal_of
from simcoalesce.explain.counterfactuals.threshold import Threshold, thresholds
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

GOAL = "expect: [origin_hits <= 30]\n"


def points() -> dict[str, Threshold]:
    """Return the thresholds of a stampede that may make thirty calls."""
    scenario, runner = a_scenario(more=GOAL), ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario))
    return {one.kind: one for one in thresholds(scenario, runner, goal)}


def test_single_flight_needs_as_few_isolates_as_calls_are_allowed() -> None:
    """Each of the isolates fetches once, so thirty are enough."""
    point = points()["single_flight"]

    assert point.meets is not None
    assert 20 <= int(point.meets.split()[0]) <= 33


def test_a_limit_of_the_origin_never_lowers_the_calls() -> None:
    """No setting of the parameter meets a goal that is about calls."""
    assert points()["higher_limit"].meets is None
