"""Attribution divides exactly what there is, and depends on no remedy."""

from fractions import Fraction

import pytest

from simcoalesce import Scenario
from simcoalesce.experiment.single_run import run
from simcoalesce.explain.causes.attribution import Attribution, attribution
from simcoalesce.explain.causes.cause import Incident
from simcoalesce.explain.causes.harm import harm_of
from simcoalesce.explain.counterfactuals.goal import goal_of, needed_calls
from simcoalesce.explain.scenario_runner import ScenarioRunner
from tests.unit.explain.builders import a_scenario


def divided(scenario: Scenario, replications: int = 3) -> Attribution:
    """Return the causes of an incident."""
    runner = ScenarioRunner(seed=1, replications=replications)
    base, outcomes = runner.measured(scenario), run(scenario, seed=1)
    goal = goal_of(scenario, base, needed=needed_calls(outcomes))
    harm = harm_of(goal, base, scenario.expect)
    assert harm is not None
    found = attribution(Incident(scenario, outcomes, 1), harm, runner)
    assert found is not None
    return found


@pytest.mark.parametrize("path", ["kv.read, kv.write", "memory", "single_flight"])
def test_the_shares_sum_exactly_to_what_all_causes_make(path: str) -> None:
    """As fractions, so to the last digit."""
    known = divided(a_scenario(f"path=[{path}, origin]"))

    total = sum((one.shapley for one in known.causes), Fraction(0))
    assert total == known.before - known.after


def test_a_share_has_an_interval_around_it() -> None:
    """The seeds differ, and so do the shares of each."""
    known = divided(a_scenario(), replications=5)
    first = max(known.causes, key=lambda one: one.shapley)
    low, high = first.ci95 or (0, 0)

    assert low < first.shapley < high


def test_what_goes_without_a_cause_is_what_the_run_without_it_lacks() -> None:
    """100 of about 100 calls are made while the cold key is fetched and written."""
    known = divided(a_scenario())
    warm = next(one for one in known.causes if one.kind == "cold_key")

    assert warm.necessity.mean == pytest.approx(float(known.before))
    assert warm.removed == "kv.write initial none → keys all, age 0ms"


def test_what_can_be_taken_out_without_effect_is_ruled_out() -> None:
    """Nothing expires within the run."""
    assert (
        "stored values expire while the keys are asked for"
        in divided(a_scenario()).ruled_out
    )


def test_a_limit_below_all_needed_calls_is_a_load_above_the_limit() -> None:
    """Of 200 keys each is fetched once, and the limit takes 60."""
    many = "traffic.keys={kind: zipf, s: 0, n: 200}"

    assert divided(a_scenario(many)).first.kind == "load_above_limit"


def test_calls_that_nothing_could_share_are_told_as_such() -> None:
    """Of 50 POSTs a second the origin refuses most; a stampede has no share in that."""
    posts = "traffic.arrivals=[{kind: rate, rate: 50/s, bypass: 100%}]"
    known = divided(a_scenario(posts, "duration=9s"))

    first = known.first
    assert (first.kind, first.removed) == ("bypass", "rate bypass 100% → 0%")
    assert "expiry" not in {one.kind for one in known.causes}
