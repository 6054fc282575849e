"""Pages that commands write: nothing is cut off on a phone, or on paper."""

from pathlib import Path
from typing import Any

import pytest

from simcoalesce import Scenario
from simcoalesce.api import page
from simcoalesce.experiment.replicate import replicate
from simcoalesce.explain.explanation import explain
from tests.browser.conftest import SALE

_PHONE_PX = 390
_PAPER_PX = 688
"""A4 without its margins of 14 mm, at 96 pixels to the inch."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the pages of a run and of an explanation."""
    folder = tmp_path_factory.mktemp("pages")
    sale = Scenario.parse(SALE)
    for name, subject in (
        ("run", replicate(sale, replications=3)),
        ("explain", explain(sale, replications=3)),
    ):
        (folder / f"{name}.html").write_text(page(subject), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["run", "explain"])
def test_a_page_does_not_scroll_sideways_on_a_phone(
    name: str, pages: Path, browser: Any
) -> None:
    """What is wider, as a table of many columns, scrolls by itself."""
    shown = browser.new_page(viewport={"width": _PHONE_PX, "height": 844})
    shown.goto(f"file://{pages}/{name}.html")

    width = shown.evaluate("document.documentElement.scrollWidth")
    shown.close()
    assert width == _PHONE_PX


@pytest.mark.parametrize("name", ["run", "explain"])
def test_every_column_of_a_table_is_on_the_paper(
    name: str, pages: Path, browser: Any
) -> None:
    """The verdict, which comes last, is what one prints it for."""
    shown = browser.new_page(viewport={"width": _PAPER_PX, "height": 1000})
    shown.emulate_media(media="print")
    shown.goto(f"file://{pages}/{name}.html")

    ends = shown.evaluate(
        "[...document.querySelectorAll('table, svg, img')]"
        ".map(one => one.getBoundingClientRect().right)"
    )
    shown.close()
    assert max(ends) <= _PAPER_PX + 1
