"""The notebooks run, and both forms of each say the same."""

import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
SCRIPTS = sorted(FOLDER.glob("*.py"))


def cells_of_script(path: Path) -> list[tuple[str, str]]:
    """Return kind and source of the cells of a script in the percent format."""
    text = path.read_text(encoding="utf-8").partition("# ---\n\n")[2]
    cells = []
    for part in re.split(r"^# %%", text, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        is_text = "[markdown]" in head
        source = re.sub(r"^# ?", "", body, flags=re.MULTILINE) if is_text else body
        cells.append(("markdown" if is_text else "code", source.strip()))
    return cells


def notebook_of(path: Path) -> Any:
    """Return the notebook that belongs to a script."""
    return json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_both_forms_have_the_same_cells(path: Path) -> None:
    """To pair them again: jupytext --to ipynb notebooks/NAME.py."""
    cells = notebook_of(path)["cells"]
    found = [(cell["cell_type"], "".join(cell["source"]).strip()) for cell in cells]

    assert found == cells_of_script(path)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    """What it shows is made where it is read."""
    code = [c for c in notebook_of(path)["cells"] if c["cell_type"] == "code"]

    assert all(not cell["outputs"] for cell in code)
    assert all(cell["execution_count"] is None for cell in code)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_runs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From top to bottom."""
    monkeypatch.chdir(FOLDER)

    assert runpy.run_path(str(path))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_notebook_runs_in_jupyter(path: Path) -> None:
    """In a kernel of its own, where the extra is installed."""
    pytest.importorskip("ipykernel", reason="needs simcoalesce[notebook]")
    nbformat = pytest.importorskip("nbformat", reason="needs simcoalesce[notebook]")
    nbclient = pytest.importorskip("nbclient", reason="needs simcoalesce[notebook]")
    notebook = nbformat.read(path.with_suffix(".ipynb"), as_version=4)
    where = {"metadata": {"path": str(FOLDER)}}
    ran = nbclient.NotebookClient(notebook, timeout=300, resources=where).execute()

    code = [cell for cell in ran.cells if cell["cell_type"] == "code"]
    assert any(cell["outputs"] for cell in code)
