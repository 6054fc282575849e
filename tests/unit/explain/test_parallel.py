"""Other processes share an explanation where runs are slow, and change nothing."""

from typing import Literal
from unittest.mock import MagicMock

import pytest

from simcoalesce.explain import parallel
from simcoalesce.explain.explanation import explain
from simcoalesce.explain.parallel import Pools, pools_for, submit
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.model.layer import Layer
from simcoalesce.processes import NotStartedError
from simcoalesce.scenario.scenario import Scenario
from tests.unit.explain.builders import INCIDENT, a_scenario

SALE = "scenarios/flash-sale-9pm.yaml"


def test_an_explanation_is_the_same_with_several_processes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Every number, and how many runs it took, if a small incident were a long one."""
    scenario = a_scenario("engine=simpy", more=INCIDENT)
    alone = explain(scenario, replications=2)
    monkeypatch.setattr(parallel, "_MANY", 0)
    shared = explain(scenario, replications=2, jobs=2)

    with pools_for(scenario, 2) as pools:
        assert pools.measuring is not None
    assert shared.document() == alone.document()


def test_no_process_is_started_for_short_runs() -> None:
    """It would take longer to start than they do."""
    with pools_for(a_scenario(), 2) as pools:
        assert pools == Pools()


def test_what_no_process_can_be_started_for_is_done_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither a pool that cannot be made, nor one that starts nothing, is an error."""
    refused = NotStartedError("no process can be started")
    pool = MagicMock()
    pool.submit.side_effect = refused
    monkeypatch.setattr(parallel, "processes", MagicMock(side_effect=refused))

    assert submit(pool, abs, -3)() == 3
    with pools_for(a_scenario(more=INCIDENT), 2) as pools:
        assert pools == Pools()


def test_a_search_has_a_process_of_its_own() -> None:
    """It takes hundreds of runs, be they as short as they may."""
    with pools_for(a_scenario(more=INCIDENT), 2) as pools:
        assert pools.measuring is None
        assert submit(pools.searching, divmod, 7, 2)() == (3, 1)


def test_one_process_is_this_one() -> None:
    """However long it takes."""
    scenario = Scenario.load(SALE, overrides=["engine=simpy"])
    with pools_for(scenario, 1) as pools:
        assert pools == Pools()


def test_a_layer_of_a_notebook_stays_in_this_process() -> None:
    """No other can import it, and an explanation needs none."""

    class Local(Layer):
        kind: Literal["local"] = "local"

    scenario = Scenario.load(SALE, overrides=["engine=simpy"], extra=[Local])
    with pools_for(scenario, 2) as pools:
        assert pools == Pools()


def test_processes_are_started_for_slow_runs() -> None:
    """A result comes back from them."""
    scenario = Scenario.load(SALE, overrides=["engine=simpy"])
    with pools_for(scenario, 2) as pools:
        assert pools.measuring is not None
        assert submit(pools.measuring, divmod, 7, 2)() == (3, 1)


def test_what_was_prepared_is_not_measured_again() -> None:
    """Each scenario once, though it was asked for twice."""
    scenario = Scenario.load(SALE, overrides=["engine=simpy"])
    with pools_for(scenario, 2) as pools:
        runner = ScenarioRunner(seed=1, replications=2, pool=pools.measuring)
        runner.prepare([scenario, scenario])
        prepared = runner.measured(scenario)

    assert runner.runs == 2
    assert prepared == ScenarioRunner(seed=1, replications=2).measured(scenario)
