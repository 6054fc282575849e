"""The files that a scenario names."""

from pathlib import Path

import pytest

from simcoalesce.scenario.input_file import digest, input_files, rebased
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.yaml.node import plain
from tests.unit.scenario.builders import a_table, only_error, replaced


def test_names_of_files_follow_to_another_folder() -> None:
    """And other names stay."""
    table = a_table(
        "{a: [{kind: replay, file: x.csv}], price_list: p.yaml, title: y.csv,"
        " b: {empirical: /abs.csv}}"
    )

    assert plain(rebased(table, Path("shared"), Path("own"))) == {
        "a": [{"kind": "replay", "file": "../shared/x.csv"}],
        "price_list": "../shared/p.yaml",
        "title": "y.csv",
        "b": {"empirical": "/abs.csv"},
    }


def test_the_lists_of_the_package_are_no_files() -> None:
    """Their names are the same everywhere."""
    table = a_table("{price_list: cloudflare-workers-paid-2026-11}")

    assert plain(rebased(table, Path("a"), Path("b"))) == plain(table)


def test_every_named_file_is_found(tmp_path: Path) -> None:
    """In traffic and in the path."""
    (tmp_path / "log.csv").write_text("t_s\n0\n")
    (tmp_path / "seen.csv").write_text("80ms\n")
    text = replaced(
        "{kind: burst, requests: 800, within: 400ms}", "{kind: replay, file: log.csv}"
    )
    text = text.replace("120ms", "{median: 1ms, p99: 2ms}").replace(
        "80ms", "{empirical: seen.csv}"
    )
    scenario = Scenario.parse(text, folder=tmp_path)

    assert [file.written for file in input_files(scenario)] == ["log.csv", "seen.csv"]


def test_a_file_that_is_gone_is_an_error(tmp_path: Path) -> None:
    """It may be removed between loading and running."""
    with pytest.raises(ValueError, match=r"cannot read log\.csv"):
        digest(tmp_path / "log.csv")


@pytest.mark.parametrize("name", ["none.csv", "'.'", "'x\\0'", "x" * 300, "3", "[]"])
def test_what_is_no_file_is_told_at_its_position(name: str) -> None:
    """Whatever the system thinks of the name."""
    quoted = name.replace("'", '"')
    text = replaced("latency: 120ms", f"latency: {{empirical: {quoted}}}")

    assert only_error(text).where == "origin.latency.empirical"
