"""The first page: its plain SimPy runs, and counts what the simulator counts."""

import re
from pathlib import Path
from typing import Any

import jupytext
import pytest

from simcoalesce import Scenario, run
from simcoalesce.metrics.registry import measure

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/9pm_in_plain_simpy.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CODE = [block[2] for block in BLOCK.finditer(PAGE) if block[1] == "python"]
OUTPUT = [block[2] for block in BLOCK.finditer(PAGE) if block[1] == "text"]
EVEN = "{kind: burst, requests: 800, within: 400ms, shape: even, every: 61s}"


@pytest.fixture(name="page", scope="module")
def _page() -> dict[str, Any]:
    """Return the names that the page's code defines, and what it prints."""
    printed: list[str] = []
    names: dict[str, Any] = {"print": lambda text: printed.append(text + "\n")}
    exec("".join(CODE), names)  # noqa: S102 - our own page
    return {**names, "printed": "".join(printed)}


def test_it_prints_what_it_shows(page: dict[str, Any]) -> None:
    """Block by block."""
    assert page["printed"] == "".join(OUTPUT)


@pytest.mark.parametrize(
    ("variant", "name"), [("naive", "naive"), ("per-key", "per_key")]
)
def test_it_counts_what_the_simulator_counts(
    page: dict[str, Any], variant: str, name: str
) -> None:
    """Origin hits, refusals and the first of them, under the same arrivals."""
    file = ROOT / "scenarios/flash-sale-9pm.yaml"
    scenario = Scenario.load(file, variant, [f"traffic.arrivals=[{EVEN}]"])
    found = measure(run(scenario))
    sale = page[name]
    first_s = sale.refused_at[0] / 1e6 if sale.refused_at else None

    assert found["origin_hits"] == len(sale.called_at)
    assert found["origin_rejected"] == len(sale.refused_at)
    assert found["first_rejected_at_s"] == first_s


def test_the_notebook_has_the_same_code() -> None:
    """Cell by cell."""
    notebook = jupytext.read(ROOT / "notebooks/1_9pm_in_plain_simpy.py")
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]

    assert [cell.strip() for cell in cells] == [block.strip() for block in CODE]


def test_the_model_is_a_hundred_lines() -> None:
    """Without what compares it."""
    assert sum(len(block.splitlines()) for block in CODE[:-1]) <= 100
