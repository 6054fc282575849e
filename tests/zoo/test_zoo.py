"""Explanations of incidents whose cause was built in name that cause."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Final

import pytest

from simcoalesce.explain.explanation import Explanation, explain
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


def wrongly_explained(number: int, seed: int) -> list[str]:
    """Return what was said of those incidents whose cause was not named."""
    wrong = []
    for name, incident in incidents(number, seed):
        explanation = explain(incident.scenario, replications=3)
        if named(explanation) not in incident.causes:
            wrong.append(f"{name}: {named(explanation)}")
    return wrong


@pytest.mark.parametrize("name", FAMILIES)
def test_every_incident_of_the_zoo_misses_its_goal(name: str) -> None:
    """Else there would be nothing to explain."""
    incident = FAMILIES[name](Chance(1, name))

    assert len(incident.scenario.expect) == 1
    assert incident.causes


def test_the_cause_of_ten_incidents_is_named_first() -> None:
    """A third of the families."""
    assert wrongly_explained(IN_CI, seed=1) == []


@pytest.mark.slow
def test_the_cause_of_a_hundred_incidents_is_named_first() -> None:
    """In 95 of them or more."""
    wrong = wrongly_explained(IN_ALL, seed=2)

    assert len(wrong) <= (1 - LEAST_RATIO) * IN_ALL, wrong
