"""The traffic of a fitted scenario: the log itself, and the law beside it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simcoalesce.experiment.single_run import run
from simcoalesce.fit.estimator import fitted_values
from simcoalesce.fit.fitted_scenario import FittedScenario, fitted_scenario
from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.fit.traffic_choice import TrafficChoice, chosen_traffic
from simcoalesce.logs.log import Log
from tests.unit.fit.builders import a_log, generated

ORIGIN = FittedValue("path", {"path": ["origin"], "origin.latency": "10ms"})
BASE = {"kind": "rate", "rate": "50/s"}
ZIPF = {"kind": "zipf", "s": 0.9, "n": 100}
MMPP = {"kind": "mmpp", "quiet": "10/s", "quiet_for": "2s"}
MMPP |= {"busy": "200/s", "busy_for": "1s"}


def log_of(*arrivals: dict[str, Any]) -> Log:
    """Return a log of what arrivals bring within a minute."""
    at_s, key = generated(arrivals, 60.0, keys=ZIPF)
    return a_log(at_s, [f"/p/{one}" for one in key.tolist()])


def found(log: Log, choice: TrafficChoice = "replay") -> FittedValues:
    """Return what is found of the traffic alone."""
    return fitted_values(log, FittedValues((chosen_traffic(choice), ORIGIN)))


def scenario_of(values: FittedValues) -> FittedScenario:
    """Return the scenario."""
    return fitted_scenario(values, stem="fitted")


@pytest.fixture(scope="module")
def steady() -> Log:
    """Return a log that follows a model."""
    return log_of(BASE)


def test_replay_is_the_default_and_exact(steady: Log, tmp_path: Path) -> None:
    """The run has the log's own requests, at its own instants."""
    scenario = scenario_of(found(steady)).load(tmp_path)

    made = scenario.traffic.generate(seed=1, duration_ns=scenario.duration_ns)
    at_ns = np.concatenate([one.arrived_at_ns for one in made.chunks])

    assert np.array_equal(at_ns, steady.at_ns - steady.at_ns[0])


def test_a_law_is_offered_as_a_variant(steady: Log, tmp_path: Path) -> None:
    """With its test beside it; the same number of requests, roughly."""
    made = scenario_of(found(steady))
    model = made.load(tmp_path).with_variant("law")

    assert "hits of the log and of the law" in made.text
    assert len(run(model).requests) == pytest.approx(len(steady), rel=0.1)
    assert not model.uncertain


def test_the_law_is_the_traffic_if_that_is_asked_for(
    steady: Log, tmp_path: Path
) -> None:
    """Its parameters can be drawn; nothing lies beside the scenario."""
    made = scenario_of(found(steady, "law"))
    scenario = made.load(tmp_path)

    assert not made.files
    assert not scenario.variants
    assert scenario.traffic.arrivals[0].kind == "rate"
    assert len(scenario.uncertain) == 2


def test_traffic_that_follows_no_law_has_only_the_log() -> None:
    """Rates that switch by chance."""
    values = found(log_of(MMPP))

    model = values.get("law")
    assert model is not None
    assert model.told == "not told"
    assert "Poisson arrivals: 1" in model.evidence
    assert "variants" not in scenario_of(values).text


def test_a_few_requests_tell_no_law() -> None:
    """They are replayed."""
    values = found(a_log([0.0, 1.0, 2.0]))

    assert values.tells("arrivals")
    assert not values.tells("law")
