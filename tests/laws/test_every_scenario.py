"""What every shipped scenario, variant and template obeys."""

from pathlib import Path

import numpy as np
import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.node import MappingNode
from tests.shipped import SCENARIOS, TEMPLATES, labels, loaded, outcomes

REPLICATIONS = 4
"""Enough for each verdict to be decided; the scenarios themselves ask for more."""

BEGINNINGS = TEMPLATES[0].parent
EVERY = labels(SCENARIOS)
VARIANTS = [label for label in EVERY if "@" in label]


def written(label: str) -> MappingNode:
    """Return what a variant itself says."""
    stem, _, variant = label.partition("@")
    document = loaded(stem)._origin.document
    assert document is not None
    return document.variants[variant]


SAME_CLIENTS = [
    label
    for label in VARIANTS
    if not {"traffic", "duration", "seed"} & set(written(label).entries)
]


def broken(label: str, scenario: Scenario) -> list[str]:
    """Return what is expected of a scenario and is not met, or not decided."""
    result = replicate(scenario, replications=REPLICATIONS)
    return [
        f"{label}: {verdict.expectation} is {verdict.truth} in"
        f" [{verdict.evaluation.known.low}, {verdict.evaluation.known.high}]"
        for verdict in result.expectations
        if verdict.truth != "holds" and verdict.expectation.level == "fail"
    ]


@pytest.mark.parametrize("label", EVERY)
def test_a_scenario_meets_its_own_expectations(label: str) -> None:
    """What its lines claim is what the model says."""
    assert broken(label, loaded(label)) == []


@pytest.mark.parametrize("label", EVERY)
def test_a_scenario_expects_something(label: str) -> None:
    """A scenario without a claim shows nothing."""
    assert loaded(label).expect


@pytest.mark.parametrize("file", SCENARIOS, ids=lambda file: file.stem)
def test_a_scenario_says_what_it_asks_and_why(file: Path) -> None:
    """Title, question, and comments at what is not plain."""
    scenario = Scenario.load(file)
    lines = file.read_text(encoding="utf-8").splitlines()

    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.name == file.stem
    assert sum("# " in line for line in lines[1:]) >= 2


@pytest.mark.parametrize("label", VARIANTS)
def test_a_variant_has_a_title_of_its_own(label: str) -> None:
    """A report of it says what it is."""
    assert written(label).get("title") is not None


@pytest.mark.parametrize("label", SAME_CLIENTS)
def test_a_variant_meets_the_same_traffic(label: str) -> None:
    """Whatever the path: who comes when, where and for what."""
    stem, _, _ = label.partition("@")
    there, here = outcomes(stem).request_rows, outcomes(label).request_rows

    assert np.array_equal(here.arrived_at_ns, there.arrived_at_ns)
    assert np.array_equal(here.key, there.key)
    assert np.array_equal(here.location, there.location)
    assert np.array_equal(here.isolate, there.isolate)


@pytest.mark.parametrize("label", labels(TEMPLATES))
def test_a_template_meets_its_own_expectations(label: str) -> None:
    """Who begins with it begins with a run that passes."""
    assert broken(label, loaded(label, BEGINNINGS)) == []


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.stem)
def test_a_template_says_what_it_asks(file: Path) -> None:
    """As a scenario does."""
    scenario = Scenario.load(file)

    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.variants
