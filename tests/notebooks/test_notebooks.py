"""The notebooks show what they show when they are run, in both of their forms.

When that changes on purpose: REFRESH_NOTEBOOKS=1 pytest tests/notebooks
"""

import os
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))
PICTURE = re.compile(r"<svg.*?</svg>", re.DOTALL)
MOST_BYTES = 400_000


def notebook_of(script: Path) -> nbformat.NotebookNode:
    """Return the notebook that belongs to a script."""
    path = script.with_suffix(".ipynb")
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def cells_of(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """Return kind and source of each cell."""
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_both_forms_have_the_same_cells(script: Path) -> None:
    """To pair them again: jupytext --to ipynb notebooks/NAME.py."""
    assert cells_of(jupytext.read(script)) == cells_of(notebook_of(script))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_says_that_it_is_paired(script: Path) -> None:
    """So that an editor that knows jupytext writes both."""
    assert notebook_of(script).metadata.jupytext.formats == "ipynb,py:percent"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_shows_when_it_is_run(script: Path) -> None:
    """In a real kernel, from top to bottom; of pictures the titles."""
    kept = notebook_of(script)
    ran = executed(kept)
    if "REFRESH_NOTEBOOKS" in os.environ:
        nbformat.write(ran, script.with_suffix(".ipynb"))  # type: ignore[no-untyped-call]
    else:
        assert [*map(shown, kept.cells)] == [*map(shown, ran.cells)]
        assert any(cell.get("outputs") for cell in kept.cells)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_is_small(script: Path) -> None:
    """Its pictures included."""
    assert script.with_suffix(".ipynb").stat().st_size < MOST_BYTES


def executed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook as a kernel leaves it, without times and versions."""
    ran = deepcopy(notebook)
    where = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(ran, timeout=300, resources=where).execute()
    for cell in ran.cells:
        cell.metadata.pop("execution", None)
    ran.metadata = notebook.metadata
    return ran


def shown(cell: nbformat.NotebookNode) -> list[str]:
    """Return what a cell shows; of what matplotlib draws only the titles."""
    outputs = [dict(one) for one in cell.get("outputs", ())]
    printed = "".join(one.get("text", "") for one in outputs)
    return [printed, *(part for one in outputs for part in _parts(one.get("data", {})))]


def _parts(shown_as: dict[str, Any]) -> Iterator[str]:
    kinds = {*shown_as} - {"image/png"}
    for kind in sorted(kinds if kinds == {"text/plain"} else kinds - {"text/plain"}):
        yield f"{kind}: {PICTURE.sub(_title, shown_as[kind])}"


def _title(picture: re.Match[str]) -> str:
    return picture[0].partition("<title>")[2].partition("</title>")[0]
