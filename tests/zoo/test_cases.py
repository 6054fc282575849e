"""Incidents that were explained wrongly once: the cause that is named first."""

from pathlib import Path

import pytest

from simcoalesce import Scenario
from simcoalesce.experiment.single_run import run
from simcoalesce.explain.causes.attribution import Attribution, attribution
from simcoalesce.explain.causes.cause import Incident
from simcoalesce.explain.causes.harm import harm_of
from simcoalesce.explain.counterfactuals.goal import goal_of, needed_calls
from simcoalesce.explain.scenario_runner import ScenarioRunner

CASES = Path(__file__).parents[1] / "assets" / "explain"


def divided(name: str, *overrides: str) -> Attribution:
    """Return the causes of a case."""
    path = CASES / f"{name}.yaml"
    return divided_of(Scenario.load(path).with_overrides(*overrides))


def divided_of(scenario: Scenario) -> Attribution:
    """Return the causes of an incident."""
    runner = ScenarioRunner(seed=scenario.seed, replications=5)
    base, outcomes = runner.measured(scenario), run(scenario)
    goal = goal_of(scenario, base, needed=needed_calls(outcomes))
    harm = harm_of(goal, base, scenario.expect)
    assert harm is not None
    incident = Incident(scenario, outcomes, scenario.seed)
    found = attribution(incident, harm, runner)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("outage", "origin_fault"),
        ("leader-leaves", "cancelled_leader"),
        ("lock-age", "lock_timeout"),
        ("clients-kept", "rate_limit"),
        ("two-bursts", "short_ttl"),
    ],
)
def test_the_cause_is_named_first(name: str, kind: str) -> None:
    """An outage, a leader that leaves, a lock that ends before the fetch ..."""
    assert divided(name).first.kind == kind


def test_cached_absence_is_the_cause_where_it_hides_what_is_written() -> None:
    """Of about 1,750 errors none is left without it.

    Where a location sees its own writes at once, only those errors are left that a KV
    makes which refuses a second write within a second.
    """
    hidden = divided("absence-cached", "kv.local_writes=cached")

    assert hidden.first.kind == "negative_caching"
    assert float(hidden.before) == pytest.approx(1_754, rel=0.05)
    assert divided("absence-cached").first.kind == "refused_writes"


def test_a_leader_that_leaves_takes_sixteen_of_twenty_with_it() -> None:
    """Four are left: who came while the slow call was on its way."""
    known = divided("leader-leaves")

    assert (float(known.before), known.first.necessity.mean) == (20, 16)


def test_what_makes_most_of_the_harm_goes_before_what_reaches_a_near_goal() -> None:
    """40 keys of two locations expire together; one location would meet the goal."""
    shop = Scenario.parse(
        """
duration: 3m
traffic:
  arrivals:
    - {kind: rate, rate: 40/s}
    - {kind: burst, requests: 600, within: 1s, at: 40s}
    - {kind: burst, requests: 900, within: 2s, at: 110s}
  keys: {kind: zipf, s: 1.0, n: 40}
  locations: {fra: 2, iad: 1}
lock: {ttl: 30s}
origin: {latency: 300ms, concurrency: 10, queue_limit: 30}
path: [lock, origin]
"""
    )
    known = divided_of(shop)

    assert known.first.kind == "synchronized_expiry"
    assert float(known.first.necessity.mean or 0) > 0.8 * float(known.before)
