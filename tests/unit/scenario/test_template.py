"""Templates are scenarios that can be run."""

import stat
from functools import cache
from pathlib import Path

import pytest

from simcoalesce.scenario import template
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.schema import schema_text
from simcoalesce.scenario.template import (
    SCHEMA_FILE,
    init,
    template_names,
    template_text,
)

text_once = cache(schema_text)


@pytest.fixture(autouse=True)
def _schema_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making it takes most of the time of `init`."""
    monkeypatch.setattr(template, "schema_text", text_once)


def test_the_templates_are_what_the_incident_needs() -> None:
    """Six situations."""
    expected = (
        "cold-deploy",
        "flash-sale",
        "hot-key",
        "incident",
        "retry-storm",
        "ttl-expiry",
    )

    assert template_names() == expected


@pytest.mark.parametrize("name", template_names())
def test_every_template_is_valid(name: str) -> None:
    """With a title, a question, and variants that answer it."""
    scenario = Scenario.parse(template_text(name), name=f"{name}.yaml")

    assert scenario.name == name
    assert scenario.title
    assert scenario.question.endswith("?")
    assert scenario.variants


@pytest.mark.parametrize("name", template_names())
def test_every_template_tells_editors_its_schema(name: str) -> None:
    """Both kinds of editors."""
    assert template_text(name).startswith(
        f"# yaml-language-server: $schema=./{SCHEMA_FILE}\n# $schema: ./{SCHEMA_FILE}\n"
    )


def test_init_writes_a_scenario_and_its_schema(tmp_path: Path) -> None:
    """Into a folder that need not be there."""
    files = init("flash-sale", tmp_path / "new" / "sale")

    assert Scenario.load(files.scenario).name == "flash-sale"
    assert files.schema.read_text(encoding="utf-8") == schema_text()
    assert sorted(files.scenario.parent.iterdir()) == sorted(files)


def test_init_writes_files_that_others_may_read(tmp_path: Path) -> None:
    """Not with the rights of a temporary file."""
    files = init("flash-sale", tmp_path)

    assert files.scenario.stat().st_mode & stat.S_IRGRP


def test_init_never_writes_over_a_scenario(tmp_path: Path) -> None:
    """It may be an afternoon's work."""
    scenario = init("flash-sale", tmp_path).scenario
    scenario.write_text("mine")

    with pytest.raises(FileExistsError, match="--force"):
        init("flash-sale", tmp_path)
    assert scenario.read_text() == "mine"


def test_init_writes_over_a_scenario_if_forced(tmp_path: Path) -> None:
    """Who says so means it."""
    scenario = init("flash-sale", tmp_path).scenario
    scenario.write_text("mine")
    init("flash-sale", tmp_path, force=True)

    assert scenario.read_text(encoding="utf-8") == template_text("flash-sale")


def test_init_renews_its_own_schema(tmp_path: Path) -> None:
    """That of an older version is no work of the user's."""
    schema = init("flash-sale", tmp_path).schema
    schema.write_text(text_once()[:500])
    init("hot-key", tmp_path)

    assert schema.read_text(encoding="utf-8") == text_once()


def test_init_never_writes_over_another_schema(tmp_path: Path) -> None:
    """Nor writes half of what it was to write."""
    (tmp_path / SCHEMA_FILE).write_text("{}")

    with pytest.raises(FileExistsError):
        init("flash-sale", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [SCHEMA_FILE]


def test_an_unknown_template_is_refused_with_those_there_are(tmp_path: Path) -> None:
    """And the nearest."""
    with pytest.raises(ValueError, match='did you mean "flash-sale"'):
        init("flash_sales", tmp_path)
