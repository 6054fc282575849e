"""The run of a story notes instants where there is something to note."""

from simcoalesce import run
from simcoalesce.explain.timeline.story_run import story_run
from tests.builders import tables
from tests.unit.explain.builders import a_scenario


def test_the_run_of_a_story_is_the_run_of_its_seed() -> None:
    """Row for row, and with instants besides."""
    scenario = a_scenario("kv.writes_per_key=1/s")
    told, ordinary = story_run(scenario, seed=3), run(scenario, seed=3)

    assert tables(told) == tables(ordinary)
    assert told.noted.keys() == {"kv_writes_refused"}
    assert not ordinary.noted


def test_very_long_runs_are_not_noted() -> None:
    """They would take too long; numbers are told all the same."""
    more = "traffic.arrivals[0].requests=300001"
    scenario = a_scenario("kv.writes_per_key=1/s", more)

    assert not story_run(scenario, seed=3).noted
