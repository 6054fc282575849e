"""Run of a story: one run, in which it is noted when events of layers happen."""

from typing import Final

from simcoalesce.experiment.single_run import run
from simcoalesce.experiment.size import expected_requests
from simcoalesce.explain.scenario_runner import RUNS_TO_COME
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

_MOST: Final = 300_000
"""Of longer runs events of layers are told with their number alone: the SimPy engine,
which notes their instants, makes 60,000 to 150,000 requests a second."""


def story_run(scenario: Scenario, *, seed: int) -> Outcomes:
    """Simulate what is told.

    Args:
        scenario: The incident.
        seed: Decides all chance.
    """
    has_events = any(any(True for _ in one.can_happen()) for one in scenario.path)
    is_noted = has_events or scenario.isolate_rules is not None
    is_noted = is_noted and expected_requests(scenario) <= _MOST
    if is_noted:
        return run(scenario, seed=seed, engine="simpy", is_noted=True)
    return run(scenario, seed=seed, repeats=RUNS_TO_COME)
