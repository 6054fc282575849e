"""A bench measures each scenario once, seed by seed."""

from simcoalesce.explain.bench import Bench
from tests.unit.explain.builders import a_scenario


def test_more_seeds_are_added_to_those_that_are_known() -> None:
    """They are not run again."""
    scenario, bench = a_scenario(), Bench(seed=1, replications=4)
    few, many = bench.measured(scenario, 2), bench.measured(scenario)
    bench.measured(scenario, 3)

    assert bench.runs == 4
    assert many.values["origin_hits"][:2] == few.values["origin_hits"]


def test_a_scenario_is_measured_once_all_of_its_seeds_are() -> None:
    """Some do not do."""
    scenario, bench = a_scenario(), Bench(seed=1, replications=3)
    bench.measured(scenario, 2)
    before = bench.is_measured(scenario)
    bench.measured(scenario)

    assert (before, bench.is_measured(scenario)) == (False, True)


def test_the_number_of_runs_is_told_as_it_grows() -> None:
    """For a progress line."""
    told: list[int] = []
    bench = Bench(seed=1, replications=3, on_run=told.append)
    bench.measured(a_scenario(), 2)
    bench.measured(a_scenario())

    assert told == [2, 3]
