"""A runner measures each scenario once, seed by seed."""

from simcoalesce.explain.scenario_runner import ScenarioRunner
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


def test_the_number_of_runs_is_told_as_it_grows() -> None:
    """For a progress line."""
    told: list[int] = []
    runner = ScenarioRunner(seed=1, replications=3, on_run=told.append)
    runner.measured(a_scenario(), 2)
    runner.measured(a_scenario())

    assert told == [2, 3]
