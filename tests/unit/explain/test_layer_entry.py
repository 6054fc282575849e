"""An entry changes one layer, and says what it changed."""

import pytest

from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from tests.unit.explain.builders import a_scenario

TWICE = "path=[{timeout: {after: 5s}}, {timeout: {after: 1s}}, origin]"
SEVERAL = (
    "path=[{cdn: {}}, {cdn: {scope: global}}, {origins: {of: {eu: {latency: 1ms},"
    " us: {latency: 2ms}}}}]"
)


@pytest.mark.parametrize(
    ("path", "nouns"),
    [
        (TWICE, ["timeout#2", "timeout", "origin"]),
        (SEVERAL, ["cdn", "cdn.global", "origin eu", "origin us", "origins"]),
    ],
)
def test_every_layer_has_a_name_of_its_own(path: str, nouns: list[str]) -> None:
    """As in tables: tiers by their scope, others numbered from the origin's side."""
    entries = ScenarioEdit(a_scenario(path)).entries()

    assert [one.noun for one in entries] == nouns


def test_a_duration_is_lengthened_and_never_shortened() -> None:
    """What is as long stays as it is, and is not named."""
    edit = ScenarioEdit(a_scenario(TWICE))
    entries = edit.entries("after")

    assert [one.lengthen("after", "2s") for one in entries] == [
        "",
        "timeout after 1s → 2s",
    ]


def test_all_that_changed_is_said() -> None:
    """Of both layers."""
    entries = ScenarioEdit(a_scenario(TWICE)).entries("after")
    changed = everywhere(entries, lambda one: one.shorten("after", "10ms"), "no.")

    assert changed == "timeout#2 after 5s → 10ms and timeout after 1s → 10ms"


def test_where_nothing_changes_there_is_a_reason() -> None:
    """It is given by whoever asks for the change."""
    entries = ScenarioEdit(a_scenario(TWICE)).entries("after")

    with pytest.raises(DoesNotApply, match="all of them wait"):
        everywhere(entries, lambda _: "", "all of them wait")
