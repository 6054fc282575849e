"""A bundle is taken apart: what each fix is worth among the others."""

import pytest

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.change_set import (
    ChangeSet,
    change_set,
    part_word,
)
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.explain.scenario_runner import ScenarioRunner
from simcoalesce.metrics import METRICS
from simcoalesce.metrics.expectation import Expectation
from tests.unit.explain.builders import a_scenario

GOAL = Goal((Expectation.parse("errors == 0"),), is_own=True)


def measured(hits: float, errors: float) -> MetricValues:
    """Return three equal replications."""
    zeros = dict.fromkeys(METRICS, (0.0,) * 3)
    seen = {"origin_hits": (hits,) * 3, "errors": (errors,) * 3}
    return MetricValues(1, {**zeros, **seen})


def found(shipped: str) -> ChangeSet | None:
    """Return the bundle of an incident after which fixes were made."""
    scenario = a_scenario(more=f"shipped: {shipped}")
    return change_set(scenario, ScenarioRunner(seed=1, replications=3))


@pytest.mark.parametrize(
    ("whole", "without", "word"),
    [
        (measured(1, 0), measured(100, 40), "needed"),
        (measured(50, 0), measured(100, 0), "contributes"),
        (measured(50, 0), measured(50, 0), "adds nothing"),
        (measured(50, 9), measured(20, 9), "does harm"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_part_is_worth_what_its_absence_changes(
    whole: MetricValues, without: MetricValues, word: str
) -> None:
    """By the goal, and by paired intervals of calls and errors."""
    assert part_word(whole, without, GOAL) == word


def test_a_cure_is_needed_and_what_came_with_it_is_not() -> None:
    """One object per key does it alone; retries have nothing left to retry."""
    known = found("[object_per_key, client_retries]")

    assert known is not None
    assert known.whole.verdict == "fixes"
    assert [one.verdict for one in known.missing] == ["needed", "adds nothing"]


def test_one_fix_missing_from_itself_is_the_incident() -> None:
    """Then all comes back."""
    known = found("[object_per_key]")

    assert known is not None
    (missing,) = known.missing
    change = known.whole.changes["origin_hits"].mean
    assert change is not None
    assert missing.changes["origin_hits"].mean == -change


def test_nothing_shipped_is_no_bundle() -> None:
    """Most scenarios do not say."""
    assert found("[]") is None


def test_a_variant_that_a_fix_makes_shipped_that_fix() -> None:
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
        ("[object_per_key, global_object]", "cannot be tried here"),
    ],
)
def test_a_bundle_that_cannot_be_is_refused(shipped: str, told: str) -> None:
    """With the key that says so."""
    with pytest.raises(ValueError, match=f"shipped: .*{told}"):
        found(shipped)
