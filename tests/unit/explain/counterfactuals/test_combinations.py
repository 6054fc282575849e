"""Two or three remedies together meet a goal that none meets alone."""

from simcoalesce import Scenario
from simcoalesce.explain.counterfactuals.combinations import combinations
from simcoalesce.explain.counterfactuals.counterfactual import (
    Counterfactual,
    counterfactuals,
)
from simcoalesce.explain.counterfactuals.goal import goal_of
from simcoalesce.explain.counterfactuals.threshold import with_thresholds
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario

TWO_HARMS = """
expect: [origin_hits <= 10, latency_p99_s <= 50ms]
"""


FEW = frozenset(("object_per_key", "faster_origin", "higher_limit"))


def found(scenario: Scenario) -> tuple[list[Counterfactual], ScenarioRunner]:
    """Return combinations of few remedies that meet the goal of an incident."""
    runner = ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario), needed=1)
    alone, _ = counterfactuals(scenario, runner, goal)
    few = [one for one in alone if one.kind in FEW]
    tried = with_thresholds(scenario, runner, goal, few)
    return [*combinations(scenario, runner, goal, tried)], runner


def test_what_shares_and_what_speeds_up_meet_a_goal_together() -> None:
    """Few calls by an object, short waits by a fast origin, both by both."""
    together, _ = found(a_scenario("kv.write_latency=1ms", more=TWO_HARMS))

    assert together
    for one in together:
        first, second = one.kind.split("+")
        assert one.verdict == "fixes"
        assert one.changed.count("; ") >= 1
        assert first != second


def test_where_one_remedy_is_enough_none_is_tried_with_another() -> None:
    """An object per key does it alone."""
    together, runner = found(a_scenario())
    runs = runner.runs

    assert together == []
    assert runs == runner.runs


def test_a_search_in_vain_ends_soon() -> None:
    """No change answers before it is asked; and few are simulated."""
    together, runner = found(a_scenario(more="expect: [cache_hits >= 5000]"))

    assert together == []
    assert runner.runs < 600
