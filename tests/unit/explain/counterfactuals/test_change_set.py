"""A change set is taken apart: what each remedy is worth among the others."""

import pytest

from simcoalesce import Scenario
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.change_set import (
    ChangeSet,
    ablation_verdict,
    change_set,
)
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.metrics import METRICS
from simcoalesce.metrics.expectation import Expectation
from tests.unit.explain.builders import a_scenario

GOAL = Goal((Expectation.model_validate("errors == 0"),))


def measured(hits: float, errors: float) -> MetricValues:
    """Return three equal replications."""
    zeros = dict.fromkeys(METRICS, (0.0,) * 3)
    seen = {"origin_hits": (hits,) * 3, "errors": (errors,) * 3}
    return MetricValues(1, {**zeros, **seen})


def found(shipped: str) -> ChangeSet | None:
    """Return the change set of an incident after which remedies shipped."""
    scenario = a_scenario(more=f"shipped: {shipped}")
    return change_set(scenario, ScenarioRunner(seed=1, replications=3))


@pytest.mark.parametrize(
    ("whole", "without", "word"),
    [
        (measured(1, 0), measured(100, 40), "needed"),
        (measured(50, 0), measured(100, 0), "contributes"),
        (measured(50, 9), measured(50, 40), "contributes"),
        (measured(50, 0), measured(50, 0), "adds nothing"),
        (measured(50, 9), measured(20, 9), "does harm"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_part_is_worth_what_its_absence_changes(
    whole: MetricValues, without: MetricValues, word: str
) -> None:
    """By the goal, and by paired intervals of calls and errors."""
    assert ablation_verdict(whole, without, GOAL) == word


def test_a_cure_is_needed_and_what_came_with_it_is_not() -> None:
    """One object per key does it alone; retries have nothing left to retry."""
    known = found("[object_per_key, client_retries]")

    assert known is not None
    assert known.whole.verdict == "fixes"
    assert [one.verdict for one in known.ablation] == ["needed", "adds nothing"]


def test_a_change_set_of_one_without_it_is_the_incident() -> None:
    """Then all comes back."""
    known = found("[object_per_key]")

    assert known is not None
    (ablation,) = known.ablation
    change = known.whole.paired["origin_hits"].mean
    assert change is not None
    assert ablation.paired["origin_hits"].mean == -change


def test_nothing_shipped_is_no_change_set() -> None:
    """Most scenarios do not say."""
    assert found("[]") is None


def test_a_variant_that_a_remedy_makes_shipped_that_remedy() -> None:
    """Unless the file says what did."""
    scenario = a_scenario()
    variant = a_scenario("path=[kv.read, durable_object, kv.write, origin]")
    known = change_set(
        scenario, ScenarioRunner(seed=1, replications=2), variant=variant
    )

    assert known is not None
    assert known.whole.kind == "object_per_key"


@pytest.mark.parametrize(
    ("shipped", "told"),
    [
        ("[object_per_kye]", 'did you mean "object_per_key"'),
        ("[object_per_key, global_object]", "does not apply here"),
        ("[{longer_lock: {agee: 10m}}]", 'setting "agee".*did you mean "age"'),
        ("[{single_flight: {isolates: none}}]", "single_flight.isolates: "),
        ("[{object_per_key: {size: 3}}]", "object_per_key has no setting .*none"),
    ],
)
def test_a_change_set_that_does_not_apply_is_refused(shipped: str, told: str) -> None:
    """With the key that says so."""
    with pytest.raises(ValueError, match=f"shipped: .*{told}"):
        found(shipped)


def test_what_shipped_has_its_own_setting() -> None:
    """A lock of ten minutes outlasts a fetch of ninety seconds."""
    scenario = Scenario.load(
        "tests/assets/explain/lock-age.yaml",
        overrides=["shipped=[{longer_lock: {age: 10m}}]"],
    )
    known = change_set(scenario, ScenarioRunner(seed=1, replications=2))

    assert known is not None
    assert known.whole.changed == "lock age 5s → 10m"
    assert known.whole.metrics["origin_hits"].mean == 1


@pytest.mark.parametrize("written", ["[3]", "[{a: {}, b: {}}]", "[{longer_lock: 10m}]"])
def test_a_shipped_remedy_is_a_name_or_a_name_with_settings(written: str) -> None:
    """A scenario that says anything else is invalid."""
    with pytest.raises(ValueError, match="write the name of a remedy"):
        a_scenario(more=f"shipped: {written}")


def test_what_shipped_is_written_as_it_was_read() -> None:
    """The document of a scenario can be read again."""
    scenario = a_scenario(more="shipped: [object_per_key, {longer_lock: {age: 10m}}]")

    assert scenario.document()["shipped"] == [
        "object_per_key",
        {"longer_lock": {"age": "10m"}},
    ]
