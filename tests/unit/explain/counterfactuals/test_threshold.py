"""A threshold separates settings that meet the goal from those that do not."""

from simcoalesce import Scenario
from simcoalesce.explain.counterfactuals.counterfactual import (
    Counterfactual,
    counterfactuals,
)
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of
from simcoalesce.explain.counterfactuals.remedy import remedied, remedies
from simcoalesce.explain.counterfactuals.threshold import Threshold, with_thresholds
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

GOAL = "expect: [origin_hits <= 30]\n"


def tried(
    scenario: Scenario, runner: ScenarioRunner, goal: Goal
) -> dict[str, Counterfactual]:
    """Return each remedy alone, with its threshold."""
    alone, _ = counterfactuals(scenario, runner, goal)
    return {one.kind: one for one in with_thresholds(scenario, runner, goal, alone)}


def points() -> dict[str, Threshold]:
    """Return the thresholds of a stampede that may make thirty calls."""
    scenario, runner = a_scenario(more=GOAL), ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario))
    known = tried(scenario, runner, goal)
    return {kind: one.threshold for kind, one in known.items() if one.threshold}


def test_single_flight_needs_as_few_isolates_as_calls_are_allowed() -> None:
    """Each of the isolates fetches once, so thirty are enough."""
    point = points()["single_flight"]

    assert point.meets is not None
    assert 20 <= int(point.meets.split()[0]) <= 33


def test_a_limit_of_the_origin_never_lowers_the_calls() -> None:
    """No setting of the parameter meets a goal that is about calls."""
    assert points()["higher_limit"].meets is None


def test_the_next_weaker_setting_misses_the_goal() -> None:
    """It stands beside the one that meets it under all seeds, on the interval."""
    scenario, runner = a_scenario(more=GOAL), ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario))
    known = tried(scenario, runner, goal)
    between = [one.threshold for one in known.values() if one.threshold]

    assert any(one.fails for one in between)
    for one in (one for one in between if one.fails):
        settings = remedies()[one.kind].weakest_first(scenario)
        made = [remedied(scenario, setting) for setting in settings]
        texts = [remedies()[one.kind].value_text(text) for _, (text,) in made]
        first = texts.index(str(one.meets))
        met = [goal.is_met(runner.measured(made[i][0])) for i in (first - 1, first)]
        assert (texts[first - 1], met) == (one.fails, [False, True])


def test_a_threshold_is_stepped_over_where_its_interval_straddles_the_goal() -> None:
    """On average of three seeds a setting meets it, and of twenty the next one does."""
    scenario, runner = a_scenario(more=GOAL), ScenarioRunner(seed=1, replications=20)
    goal = goal_of(scenario, runner.measured(scenario))

    for one in tried(scenario, runner, goal).values():
        if one.threshold and one.threshold.at:
            assert one.threshold.at.replications == 20
            assert one.threshold.at.is_goal_met
            assert one.threshold.verdict in {"fixes", "hides", "worse"}


def test_a_remedy_meets_the_goal_at_its_threshold_too() -> None:
    """The usual burst is not long enough, and a longer one is; but for isolates."""
    scenario, runner = a_scenario(more=GOAL), ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario))
    known = tried(scenario, runner, goal)

    spread, shared = known["spread_arrivals"], known["single_flight"]
    assert spread.threshold is not None
    assert spread.meets is (spread if spread.is_goal_met else spread.threshold.at)
    assert shared.threshold is not None
    assert (shared.threshold.verdict, shared.verdict) == ("fixes", "helps")
    assert shared.meets is None


def test_where_the_goal_is_met_already_nothing_has_to_go_anywhere() -> None:
    """No setting is tried."""
    scenario = a_scenario("path=[kv.read, durable_object, kv.write, origin]")
    runner = ScenarioRunner(seed=1, replications=2)
    goal = goal_of(scenario, runner.measured(scenario), needed=1)
    alone, _ = counterfactuals(scenario, runner, goal)
    runs = runner.runs

    assert with_thresholds(scenario, runner, goal, alone) == alone
    assert runner.runs == runs
