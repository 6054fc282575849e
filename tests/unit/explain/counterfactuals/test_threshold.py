"""A threshold separates settings that meet the goal from those that do not."""

from simcoalesce.explain.counterfactuals.goal import goal_of
from simcoalesce.explain.counterfactuals.remedy import remedied, remedies
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


def test_the_next_weaker_setting_misses_the_goal() -> None:
    """It stands beside the one that meets it."""
    scenario, runner = a_scenario(more=GOAL), ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario))
    between = [one for one in thresholds(scenario, runner, goal) if one.fails]

    assert between
    for one in between:
        tried = [
            remedied(scenario, setting)
            for setting in remedies()[one.kind].weakest_first(scenario)
        ]
        texts = [remedies()[one.kind].value_text(text) for _, (text,) in tried]
        met = [goal.is_met_on_average(runner.measured(changed)) for changed, _ in tried]
        first = texts.index(str(one.meets))
        assert texts[first - 1] == one.fails
        assert met[first - 1 : first + 1] == [False, True]


def test_where_the_goal_is_met_already_nothing_has_to_go_anywhere() -> None:
    """No setting is tried."""
    scenario = a_scenario("path=[kv.read, durable_object, kv.write, origin]")
    runner = ScenarioRunner(seed=1, replications=2)
    goal = goal_of(scenario, runner.measured(scenario), needed=1)
    runs = runner.runs

    assert thresholds(scenario, runner, goal) == ()
    assert runner.runs == runs
