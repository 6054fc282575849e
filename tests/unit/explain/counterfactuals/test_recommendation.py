"""What is recommended meets the goal, and takes as little as may be."""

from dataclasses import replace
from typing import Any

import pytest

from simcoalesce import Scenario
from simcoalesce.explain.counterfactuals.counterfactual import (
    EFFORTS,
    Counterfactual,
    counterfactuals,
)
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of
from simcoalesce.explain.counterfactuals.recommendation import (
    Recommended,
    doubled_traffic,
    recommended,
)
from simcoalesce.explain.counterfactuals.threshold import with_thresholds
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario


def incident(more: str = "") -> tuple[Scenario, ScenarioRunner, Goal]:
    """Return a small incident, measured."""
    scenario, runner = a_scenario(more=more), ScenarioRunner(seed=1, replications=3)
    return scenario, runner, goal_of(scenario, runner.measured(scenario))


def tried(more: str = "") -> tuple[Counterfactual, ...]:
    """Return each remedy of it alone, with its threshold."""
    scenario, runner, goal = incident(more)
    alone, _ = counterfactuals(scenario, runner, goal)
    return with_thresholds(scenario, runner, goal, alone)


def of(changes: list[Counterfactual], more: str = "") -> tuple[Recommended, ...]:
    """Return which of some changes are recommended."""
    return recommended(*incident(more), changes)


def test_what_is_recommended_meets_the_goal_on_the_whole_interval() -> None:
    """And nothing else is."""
    _, runner, goal = incident()
    known = of([*tried()])

    assert known
    for one in known:
        assert one.verdict == "fixes"
        assert goal.is_met(runner.measured(one.change.scenario))


def test_the_least_effort_comes_first_then_the_bill_then_the_calls() -> None:
    """A setting before code, code before a component."""
    (object_per_key,) = (one for one in tried() if one.kind == "object_per_key")
    cheap = dict(object_per_key.metrics)
    cheap["cost_month_usd"] = replace(cheap["cost_month_usd"], mean=-1.0)
    changes: dict[str, dict[str, Any]] = {
        "component": {},
        "cheap component": {"metrics": cheap},
        "setting": {"effort": "setting"},
        "code": {"effort": "code"},
    }
    known = of(
        [
            replace(object_per_key, label=label, effort="component")
            if not one
            else replace(object_per_key, label=label, **one)
            for label, one in changes.items()
        ]
    )

    order = ["setting", "code", "cheap component", "component"]
    assert [one.label for one in known] == order
    assert EFFORTS == ("setting", "code", "component")


@pytest.mark.parametrize("word", ["worse", "undecided", "helps", "no effect"])
def test_what_misses_the_goal_or_harms_is_never_recommended(word: Any) -> None:
    """Even if the goal is met: others wait, or fail, for it."""
    changes = [replace(one, verdict=word, threshold=None) for one in tried()]

    assert of(changes) == ()


def test_what_hides_is_recommended_only_if_nothing_else_is() -> None:
    """And says so."""
    changes = tried("expect: [errors == 0]")
    hiding = [one for one in changes if one.kind == "higher_limit"]

    with_cures = of([*changes], "expect: [errors == 0]")
    alone = of(hiding, "expect: [errors == 0]")

    assert {one.verdict for one in with_cures} == {"fixes"}
    assert [(one.kind, one.verdict) for one in alone] == [("higher_limit", "hides")]


def test_double_traffic_is_every_request_twice() -> None:
    """Of each phase, and by random streams of their own."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=2)
    twice = runner.measured(doubled_traffic(scenario))

    assert twice.values["requests"] == (400, 400)


def test_an_object_per_key_bears_double_the_traffic_and_a_limit_need_not() -> None:
    """Under it the incident has more errors; the goal is the same."""
    known = {one.kind: one.doubled for one in of([*tried()])}
    of_object = known["object_per_key"]

    assert of_object is not None
    assert (of_object.verdict, of_object.requests) == ("fixes", 400)
    assert of_object.metrics["errors"].mean == 0
