"""Pages that commands write: they can be asked, and nothing of them is cut off."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from simcoalesce import Scenario
from simcoalesce.api import page as written
from simcoalesce.experiment.replicate import replicate
from simcoalesce.explain.explanation import explain
from tests.browser.conftest import AXE, SALE

_PHONE_PX = 390
_PAPER_PX = 688
"""A4 without its margins of 14 mm, at 96 pixels to the inch."""
_HOSTILE = "</script><img src=x onerror=alert(1)>"
_MOST_BYTES = 1 << 20


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the pages of a run and of an explanation."""
    folder = tmp_path_factory.mktemp("pages")
    sale = Scenario.parse(SALE.replace("A small sale", f"'{_HOSTILE}'"))
    for name, subject in (
        ("run", replicate(sale, replications=3)),
        ("explain", explain(sale, replications=3)),
    ):
        (folder / f"{name}.html").write_text(written(subject), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def asked(pages: Path, browser: Any) -> Iterator[Any]:
    """Return the explanation in a browser; it has no errors and loads nothing."""
    errors: list[str] = []
    loaded: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda one: loaded.append(one.url))
    page.goto(f"file://{pages}/explain.html")
    yield page
    context.close()
    assert errors == []
    assert loaded == [f"file://{pages}/explain.html"]


def test_a_value_is_read_under_the_pointer_and_by_the_keyboard(asked: Any) -> None:
    """The legend says it; the arrow keys go on from there, and say it aloud."""
    figure = asked.locator("figure.asked").first
    canvas = figure.locator(".canvas")
    canvas.scroll_into_view_if_needed()
    canvas.hover(position={"x": 300, "y": 90})
    pointed = figure.locator(".at").inner_text()

    canvas.press("ArrowRight")

    assert pointed.endswith("ms")
    assert figure.locator(".at").inner_text() != pointed
    assert "cache hit" in figure.locator("[aria-live]").inner_text()


def test_a_drag_shows_a_part_of_the_axis(asked: Any) -> None:
    """A button brings the whole of it back."""
    figure = asked.locator("figure.asked").first
    figure.locator(".canvas").scroll_into_view_if_needed()
    box = figure.locator(".u-over").bounding_box()
    asked.mouse.move(box["x"] + 100, box["y"] + 50)
    asked.mouse.down()
    asked.mouse.move(box["x"] + 300, box["y"] + 50, steps=4)
    asked.mouse.up()
    whole = figure.get_by_role("button", name="Whole axis")

    assert whole.is_visible()
    whole.click()
    assert whole.is_hidden()


def test_a_thing_of_the_legend_is_switched_off(asked: Any) -> None:
    """By the keyboard; the others stand where it stood, which is a lower chart."""
    key = asked.locator("figure.asked").first.get_by_role("button", name="cache hit")
    key.press("Enter")

    assert key.get_attribute("aria-pressed") == "false"
    key.press("Enter")
    assert key.get_attribute("aria-pressed") == "true"


def test_the_picture_is_still_there(asked: Any) -> None:
    """A button shows it in place of the chart."""
    figure = asked.locator("figure.asked").first
    assert figure.locator("> svg").is_hidden()

    figure.get_by_role("button", name="Picture").click()

    assert figure.locator("> svg").is_visible()
    assert figure.locator(".canvas").is_hidden()
    figure.get_by_role("button", name="Picture").click()


def test_a_table_is_sorted_by_the_head_of_a_column(asked: Any) -> None:
    """Up, down, and as it was; durations by their length, not by their digits."""
    block = asked.locator("section", has=asked.locator("h2", has_text="each change"))
    table = block.locator("table")
    head = table.get_by_role("columnheader", name="p99")
    cells = "rows => rows.map(row => row.cells[6].textContent)"
    rows = table.locator("tbody tr")
    before = rows.evaluate_all(cells)

    head.get_by_role("button").press("Enter")
    up = rows.evaluate_all(cells)
    assert head.get_attribute("aria-sort") == "ascending"
    head.get_by_role("button").click()
    down = rows.evaluate_all(cells)
    head.get_by_role("button").click()

    assert up[0] != down[0]
    assert sorted(up) == sorted(down) == sorted(before)
    assert rows.evaluate_all(cells) == before


def test_a_slider_has_the_settings_that_were_simulated(asked: Any) -> None:
    """A step for each, and none between; the numbers are those of the table."""
    steps = asked.locator(".slider").first
    slider = steps.get_by_role("slider")
    label = steps.locator("b").inner_text()
    rows = asked.locator("table.steps tbody tr").evaluate_all(
        "(rows, label) => rows.map(row => [...row.cells].map(cell => cell.textContent))"
        ".filter(cells => cells[0] === label)",
        label,
    )

    slider.press("Home")
    seen = []
    for _ in rows:
        numbers = steps.locator("dd").all_inner_texts()
        seen.append([steps.locator("output").inner_text(), *numbers])
        slider.press("ArrowRight")

    assert seen == [cells[1:] for cells in rows]


@pytest.mark.parametrize("name", ["run", "explain"])
def test_a_page_is_small_and_takes_no_name_for_html(name: str, pages: Path) -> None:
    """Wherever the name stands: in the title, in a picture, in the data of a chart."""
    text = (pages / f"{name}.html").read_text(encoding="utf-8")

    assert len(text.encode()) < _MOST_BYTES
    assert "<img" not in text
    assert text.count("</script>") == text.count("<script")


def test_without_scripts_all_is_there_as_pictures_and_tables(
    pages: Path, browser: Any
) -> None:
    """And nothing that would need them: no slider, no button."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"file://{pages}/explain.html")

    assert page.locator("figure > svg").first.is_visible()
    assert page.locator("table.steps").is_visible()
    assert page.locator("button, input").count() == 0
    context.close()


def test_axe_finds_nothing_on_a_phone_at_night(pages: Path, browser: Any) -> None:
    """axe-core checks WCAG 2.2 AA."""
    if not AXE.exists() and not os.environ.get("CI"):
        pytest.skip("axe-core is not there (npm ci --prefix testbed)")
    size = {"width": _PHONE_PX, "height": 900}
    context = browser.new_context(bypass_csp=True, color_scheme="dark", viewport=size)
    page = context.new_page()
    page.goto(f"file://{pages}/explain.html")

    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run()")["violations"]

    told = [(one["id"], node["html"]) for one in found for node in one["nodes"]]
    context.close()
    assert told == []


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
