"""A runner measures each scenario once, seed by seed."""

import pytest

from simcoalesce.explain.run_plan import RunPlan
from simcoalesce.explain.scenario_runner import ScenarioRunner, seeds_to_search
from tests.unit.explain.builders import a_scenario


def test_more_seeds_are_added_to_those_that_are_known() -> None:
    """They are not run again."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=4)
    few, many = runner.measured(scenario, 2), runner.measured(scenario)
    runner.measured(scenario, 3)

    assert runner.runs == 4
    assert many.values["origin_hits"][:2] == few.values["origin_hits"]


def test_a_scenario_is_measured_once_all_of_its_seeds_are() -> None:
    """Some do not do."""
    scenario, runner = a_scenario(), ScenarioRunner(seed=1, replications=3)
    runner.measured(scenario, 2)
    before = runner.is_measured(scenario)
    runner.measured(scenario)

    assert (before, runner.is_measured(scenario)) == (False, True)


def test_another_bill_takes_no_further_run() -> None:
    """The same runs, and the bill that their own measurement has, to the last cent."""
    month = "month={events: 7}"
    dear = a_scenario(month, "prices={origin_calls: 4 per 1M}")
    runner = ScenarioRunner(seed=1, replications=3)
    runner.measured(a_scenario(month))
    billed = runner.measured(dear)

    assert runner.runs == 3
    assert billed == ScenarioRunner(seed=1, replications=3).measured(dear)


def test_the_number_of_runs_is_told_as_it_grows() -> None:
    """For a progress line: and how many there will be, about."""
    told: list[tuple[int, int]] = []
    runner = ScenarioRunner(
        seed=1,
        replications=3,
        on_run=lambda runs, of: told.append((runs, of)),
        plan=RunPlan({"remedies": 10}),
    )
    runner.measured(a_scenario(), 2)
    runner.begin("remedies")
    runner.measured(a_scenario())

    assert told == [(2, 12), (3, 12)]


@pytest.mark.parametrize(("rate", "seeds"), [("1000/s", 3), ("20000/s", 1)])
def test_a_long_run_is_searched_under_one_seed(rate: str, seeds: int) -> None:
    """In two seconds 2,000 requests come, or 40,000."""
    scenario = a_scenario(
        f"traffic.arrivals=[{{kind: rate, rate: {rate}}}]", "duration=2s"
    )

    assert seeds_to_search(scenario) == seeds
