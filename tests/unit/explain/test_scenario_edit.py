"""An edit changes what it is told to change, and nothing else."""

import pytest

from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit, scaled
from tests.unit.explain.builders import a_scenario, written


def test_an_edit_without_changes_is_the_same_scenario() -> None:
    """To copy and validate loses nothing."""
    scenario = a_scenario()

    assert ScenarioEdit(scenario).scenario().sha256 == scenario.sha256


def test_a_change_of_an_edit_leaves_the_scenario_as_it_was() -> None:
    """The incident is never changed by what is tried on it."""
    scenario = a_scenario()
    edit = ScenarioEdit(scenario)
    edit.layer("kv.write")["write_latency"] = "0ms"

    assert written(edit.scenario(), "kv.write")["write_latency"] == "0ms"
    assert written(scenario, "kv.write")["write_latency"] == "40ms"


@pytest.mark.parametrize(
    ("latency", "half"),
    [
        ("80ms", "40ms"),
        ({"median": "80ms", "p99": "400ms"}, {"median": "40ms", "p99": "200ms"}),
        ({"mean": "80ms", "cv": 0.5}, {"mean": "40ms", "cv": 0.5}),
        ({"uniform": ["10ms", "30ms"]}, {"uniform": ["5ms", "15ms"]}),
    ],
    ids=str,
)
def test_a_latency_of_any_form_is_halved(latency: object, half: object) -> None:
    """Durations are scaled; a coefficient of variation is not."""
    assert scaled(latency, 0.5) == half


def test_a_recorded_latency_is_not_scaled() -> None:
    """Nobody can say what a file would have held."""
    with pytest.raises(DoesNotApply, match="from a file"):
        scaled({"replay": "latencies.csv"}, 0.5)


def test_layers_are_put_behind_the_first_read() -> None:
    """Where a miss meets them first."""
    edit = ScenarioEdit(a_scenario())
    edit.insert_behind_caches({"single_flight": {}})

    assert edit.kinds() == ["kv.read", "single_flight", "kv.write", "origin"]


def test_without_a_read_layers_are_put_behind_the_memory() -> None:
    """What it holds needs no fetch to be shared."""
    edit = ScenarioEdit(a_scenario("path=[retry, memory, origin]"))
    edit.insert_behind_caches({"single_flight": {}})

    assert edit.kinds() == ["retry", "memory", "single_flight", "origin"]


def test_where_no_worker_runs_no_layer_of_one_is_put() -> None:
    """Nobody runs code in nginx's lock."""
    with pytest.raises(DoesNotApply, match="no worker"):
        ScenarioEdit(a_scenario("path=[lock, origin]")).insert_behind_caches(
            {"memory": {}}
        )


def test_without_a_read_layers_stand_behind_the_clients() -> None:
    """A retry is the client's, and stays outside."""
    edit = ScenarioEdit(a_scenario("path=[retry, kv.write, origin]"))
    edit.insert_behind_caches({"single_flight": {}})

    assert edit.kinds() == ["retry", "single_flight", "kv.write", "origin"]
