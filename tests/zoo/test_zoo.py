"""Incidents whose cause was built in: it is named first, and a cure is found."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

import pytest

from simcoalesce.experiment.metric_values import metric_values
from simcoalesce.explain.explanation import Explanation, explain
from simcoalesce.report.blocks.recommendation import what_to_do
from tests.zoo.families import FAMILIES, Chance, Incident

IN_CI: Final = 10
IN_ALL: Final = 100
LEAST_RATIO: Final = 0.95


def incidents(number: int, seed: int) -> Iterator[tuple[str, Incident]]:
    """Yield incidents of all families in turn."""
    names = islice(cycle(FAMILIES), seed, seed + number)
    for turn, name in enumerate(names):
        yield name, FAMILIES[name](Chance(seed, f"{name} {turn}"))


def named(explanation: Explanation) -> str:
    """Return the kind of the cause that is named first."""
    known = explanation.attribution
    return known.first.kind if known else "none"


def is_cured(explanation: Explanation) -> bool:
    """Say whether what is recommended first meets the goal, under other seeds too."""
    if not explanation.recommended:
        return False
    changed = explanation.recommended[0].change.scenario
    others = metric_values(changed, seed=explanation.seed + 1_000, replications=3)
    return explanation.goal.is_met_on_average(others)


def wrongly_explained(number: int, seed: int) -> list[str]:
    """Return the incidents of which the cause is not named, or the cure not found."""
    wrong = []
    for name, incident in incidents(number, seed):
        explanation = explain(incident.scenario, replications=3)
        if named(explanation) not in incident.causes:
            wrong.append(f"{name}: {named(explanation)}")
        if is_cured(explanation) is not incident.is_curable:
            wrong.append(f"{name}: {[one.kind for one in explanation.recommended]}")
        if not incident.is_curable and "Even a perfect cache" not in what_to_do(
            explanation
        ):
            wrong.append(f"{name}: no floor")
    return wrong


@pytest.mark.parametrize("name", FAMILIES)
def test_every_incident_of_the_zoo_misses_its_goal(name: str) -> None:
    """Else there would be nothing to explain."""
    incident = FAMILIES[name](Chance(1, name))

    assert len(incident.scenario.expect) == 1
    assert incident.causes


def test_ten_incidents_have_their_cause_named_and_their_cure_found() -> None:
    """A third of the families."""
    assert wrongly_explained(IN_CI, seed=1) == []


@pytest.mark.slow
def test_a_hundred_incidents_have_their_cause_named_and_their_cure_found() -> None:
    """In 95 of them or more."""
    wrong = wrongly_explained(IN_ALL, seed=2)

    assert len(wrong) <= (1 - LEAST_RATIO) * IN_ALL, wrong
