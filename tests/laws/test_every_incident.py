"""The public incidents: written with their source, and as their reports say."""

import re
from pathlib import Path

import pytest

from simcoalesce import Scenario, replicate
from tests.shipped import INCIDENTS

REPLICATIONS = 4
READ_ON = re.compile(r"Source: .+ \(read on (\d+ \w+ \d{4})\)\.")
VARIANTS = [
    (file, variant)
    for file in INCIDENTS
    for variant in (None, *Scenario.load(file).variants)
]


def unmet(scenario: Scenario) -> list[str]:
    """Return what is expected of a scenario, and is not so."""
    verdicts = replicate(scenario, replications=REPLICATIONS).expectations
    return [
        str(one.expectation)
        for one in verdicts
        if one.truth != "holds" and one.expectation.level == "fail"
    ]


@pytest.mark.parametrize(
    ("file", "variant"),
    VARIANTS,
    ids=lambda one: one.stem if isinstance(one, Path) else str(one),
)
def test_an_incident_happens_as_it_was_reported(
    file: Path, variant: str | None
) -> None:
    """The file, and each of its variants, meets what it expects."""
    scenario = Scenario.load(file, variant)

    assert scenario.expect
    assert unmet(scenario) == []


@pytest.mark.parametrize("file", INCIDENTS, ids=lambda file: file.stem)
def test_an_incident_names_its_source_and_when_it_was_read(file: Path) -> None:
    """Beside what was observed, and what the report claims."""
    scenario = Scenario.load(file)
    found = READ_ON.search(scenario.description)

    assert found
    assert int(found[1].split()[-1]) >= 2026
    assert scenario.name == file.stem
    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.observations
    assert scenario.claims


@pytest.mark.parametrize("file", INCIDENTS, ids=lambda file: file.stem)
def test_an_incident_is_small(file: Path) -> None:
    """A reader explains it in seconds."""
    requests = replicate(Scenario.load(file), replications=1).estimates["requests"]

    assert requests.mean is not None
    assert requests.mean < 50_000
