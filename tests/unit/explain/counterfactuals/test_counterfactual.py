"""Every remedy is tried on its own, and those that do not apply say why."""

from itertools import groupby

from simcoalesce.explain.counterfactuals.counterfactual import counterfactuals
from simcoalesce.explain.counterfactuals.goal import goal_of
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario


def test_an_object_per_key_ends_a_stampede_and_a_limit_hides_it() -> None:
    """The words of the two best known cures."""
    scenario = a_scenario()
    runner = ScenarioRunner(seed=1, replications=4)
    goal = goal_of(scenario, runner.measured(scenario))

    tried, skipped = counterfactuals(scenario, runner, goal)

    words = {one.kind: one.verdict for one in tried}
    assert words["object_per_key"] == "fixes"
    assert words["higher_limit"] == "hides"
    assert "jittered_ttl" in [one.kind for one in skipped if not one.is_foreign]


def test_settings_of_layers_that_a_path_has_not_are_foreign_to_it() -> None:
    """A worker with KV has no lock of nginx."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=2)
    goal = goal_of(scenario, runner.measured(scenario))

    _, skipped = counterfactuals(scenario, runner, goal)

    assert {"lock_updating", "longer_lock", "retry_the_read"} <= {
        one.kind for one in skipped if one.is_foreign
    }


def test_what_helps_most_is_told_first() -> None:
    """By verdict, then by the calls that are left."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=3)
    goal = goal_of(scenario, runner.measured(scenario))

    made, _ = counterfactuals(scenario, runner, goal)

    words = [one.verdict for one in made]
    assert (words[0], words[-1]) == ("fixes", "worse")
    assert len(list(groupby(words))) == len(set(words))
    for _, alike in groupby(made, key=lambda one: one.verdict):
        hits = [one.metrics["origin_hits"].mean or 0.0 for one in alike]
        assert hits == sorted(hits)


def test_a_change_says_why_its_latencies_decide_nothing() -> None:
    """The object per key answers whom the incident refuses."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=4)
    goal = goal_of(scenario, runner.measured(scenario))

    found = {one.kind: one for one in counterfactuals(scenario, runner, goal)[0]}

    why = found["object_per_key"].not_comparable
    assert str(why).endswith("% were refused before")
    assert not found["object_per_key"].is_slow
