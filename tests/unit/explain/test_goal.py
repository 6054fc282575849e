"""A goal is what a scenario expects and misses."""

from simcoalesce.explain.bench import Bench
from simcoalesce.explain.goal import Goal, goal_of
from tests.unit.explain.builders import a_scenario


def goal(more: str = "") -> Goal:
    """Return the goal of a small incident: about 100 calls, 40 of them refused."""
    scenario = a_scenario(more=more)
    return goal_of(scenario, Bench(seed=1, replications=3).measured(scenario))


def test_what_is_expected_and_missed_is_the_goal() -> None:
    """And what is met is not."""
    known = goal("expect: [origin_hits <= 5, origin_hits >= 20]")

    assert [str(one) for one in known.expectations] == ["origin_hits <= 5"]
    assert known.is_own


def test_without_a_missed_expectation_the_goal_is_the_usual_one() -> None:
    """Nobody gets an error, and the origin a tenth of its calls."""
    known = goal()
    calls, errors = (str(one) for one in known.expectations)

    assert errors == "errors == 0"
    assert 8 <= int(calls.removeprefix("origin_hits <= ")) <= 12
