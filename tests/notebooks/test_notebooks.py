"""The notebooks run in a kernel of their own, and both forms of each say the same."""

from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))


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
def test_a_notebook_is_kept_without_outputs(script: Path) -> None:
    """What it shows is made where it is read."""
    code = [cell for cell in notebook_of(script).cells if cell.cell_type == "code"]

    assert all(not cell.outputs for cell in code)
    assert all(cell.execution_count is None for cell in code)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(script: Path) -> None:
    """In a real kernel, and it shows something."""
    where = {"metadata": {"path": str(FOLDER)}}
    notebook = notebook_of(script)
    NotebookClient(notebook, timeout=300, resources=where).execute()

    assert any(cell.outputs for cell in notebook.cells if cell.cell_type == "code")
