"""The reports of the shipped scenarios say what the present version says.

To write them anew: python -m reports
"""

from pathlib import Path

import pytest

from reports.pages import (
    FOLDER,
    SCENARIOS,
    drawn,
    index,
    result_of,
    texts,
    title_of,
    write_pictures,
)
from tests.vocabulary import ROOT

MOST_BYTES = 3_000_000


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_report_is_current(name: str) -> None:
    """Its page and its numbers byte by byte, its pictures by their headlines."""
    result = result_of(name)
    made = texts(name, result)
    titles = {one.name: one.headline for one in drawn(result)}

    assert {file: _read(name, file) for file in made} == made
    assert {file: title_of(FOLDER / name / file) for file in titles} == titles


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_report_has_the_pictures_of_its_result(tmp_path: Path, name: str) -> None:
    """Byte by byte, with the locked release of what draws them."""
    write_pictures(result_of(name), tmp_path)

    for path in tmp_path.iterdir():
        assert path.read_bytes() == (FOLDER / name / path.name).read_bytes()


def test_the_index_has_every_report() -> None:
    """With the first lines of each."""
    assert (FOLDER / "README.md").read_text(encoding="utf-8") == index()


def test_a_folder_is_of_a_scenario() -> None:
    """None is left of one that is gone."""
    folders = {path.name for path in FOLDER.iterdir() if (path / "README.md").exists()}

    assert folders == {*SCENARIOS}


def test_reports_are_small_and_name_no_machine() -> None:
    """All of them together."""
    files = [path for path in FOLDER.rglob("*") if path.suffix != ".pyc"]
    of_text = [path for path in files if path.suffix in (".md", ".json", ".html")]

    assert sum(path.stat().st_size for path in files if path.is_file()) < MOST_BYTES
    assert [path for path in of_text if str(ROOT) in path.read_text("utf-8")] == []


def _read(name: str, file: str) -> str:
    return (FOLDER / name / file).read_text(encoding="utf-8")
