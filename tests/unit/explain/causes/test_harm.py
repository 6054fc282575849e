"""The harm is what is expected and not so, or else the first that there is."""

import pytest

from simcoalesce.explain.causes.harm import harm_of
from simcoalesce.explain.counterfactuals.goal import goal_of
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario


@pytest.mark.parametrize(
    ("expected", "overrides", "metric"),
    [
        ('["origin_hits <= 10"]', [], "origin_hits"),
        ('["errors == 0", "origin_hits <= 10"]', [], "errors"),
        ('["hit_ratio >= 99%"]', [], "hit_ratio"),
        ('["first_rejected_at_s >= 5s"]', [], "origin_rejected"),
        ("[]", ["origin.rate_limit=unlimited"], "origin_hits"),
    ],
)
def test_the_harm_is_what_is_expected_and_not_so(
    expected: str, overrides: list[str], metric: str
) -> None:
    """An instant stands for the refusals that it is about."""
    scenario = a_scenario(f"expect={expected}", *overrides)
    base = ScenarioRunner(seed=1, replications=2).measured(scenario)
    harm = harm_of(goal_of(scenario, base), base, scenario.expect)

    assert harm is not None
    assert harm.metric == metric
    assert harm.is_lack == (metric == "hit_ratio")


def test_what_is_too_little_is_harm_the_less_there_is() -> None:
    """About half of the requests are hits: the harm is minus that."""
    scenario = a_scenario('expect=["hit_ratio >= 99%"]')
    base = ScenarioRunner(seed=1, replications=2).measured(scenario)
    harm = harm_of(goal_of(scenario, base), base, scenario.expect)

    assert harm is not None
    assert all(-1 < value < 0 for value in harm.values(base))
