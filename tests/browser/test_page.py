"""The page in a browser: what somebody does with it, and what is seen then."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import AXE, Served

DONE = "30 of 30 runs"


def wait(page: Any, selector: str, text: str) -> None:
    """Wait until an element shows a text."""
    from playwright.sync_api import expect  # noqa: PLC0415 - only with a browser

    expect(page.locator(selector)).to_contain_text(text, timeout=120_000)


def visit(page: Any, address: str) -> None:
    """Open a page, and wait for all of its runs."""
    page.goto(address)
    wait(page, "#status", DONE)


def tile(page: Any, what: str) -> str:
    """Return what a tile says now."""
    return str(page.locator(".tile", has_text=what).locator(".value").inner_text())


def test_a_slider_that_is_moved_changes_the_number(page: Any, served: Served) -> None:
    """By the keyboard: each stop is a value that the text beside it shows."""
    visit(page, served.address)
    before = tile(page, "origin hits")

    slider = page.get_by_role("slider", name="write latency")
    slider.focus()
    slider.press("Home")

    wait(page, "#changed", "-s kv.write_latency=0ms")
    wait(page, "#status", DONE)
    field = page.get_by_role("textbox", name="write latency")
    assert field.input_value() == slider.get_attribute("aria-valuetext") == "0ms"
    assert tile(page, "origin hits") != before
    assert before in page.locator(".tile", has_text="origin hits").inner_text()


def test_the_address_holds_the_page(page: Any, served: Served, browser: Any) -> None:
    """Reloaded, or opened by somebody else, it shows the same."""
    visit(page, served.address)
    page.locator("#remedies-box > summary").click()
    page.get_by_role("button", name="one Durable Object per key", exact=True).click()
    wait(page, "#path", "durable_object")
    wait(page, "#status", DONE)
    seen = page.locator("#numbers").inner_text()

    page.reload()
    wait(page, "#status", DONE)
    other = browser.new_context().new_page()
    visit(other, page.url)

    assert page.locator("#numbers").inner_text() == seen
    assert other.locator("#numbers").inner_text() == seen
    other.context.close()


def test_two_pages_at_once_have_states_of_their_own(
    page: Any, served: Served, browser: Any
) -> None:
    """Each has its worker."""
    other = browser.new_context().new_page()
    visit(page, f"{served.address}#s=seed%3D4")
    visit(other, f"{served.address}#variant=per-key")

    assert "durable_object" not in page.locator("#path").inner_text()
    assert "durable_object" in other.locator("#path").inner_text()
    wait(page, "#shown", "seed 4")
    wait(other, "#shown", "seed 3")
    other.context.close()


def test_the_path_is_edited_as_a_list(page: Any, served: Served) -> None:
    """A wrong order is told beside it, and the page goes on."""
    visit(page, served.address)

    page.locator("#layer").select_option("single_flight")
    page.get_by_role("button", name="Add layer").click()
    wait(page, "#path", "single_flight")
    page.get_by_role("button", name="Move origin up").click()
    wait(page, "#path-problem", "origin")
    page.get_by_role("button", name="Reset all").click()

    wait(page, "#status", DONE)
    assert page.locator("#path li").count() == 3
    assert page.locator("#path-problem").is_hidden()


def test_what_is_wrong_is_told_at_its_control(page: Any, served: Served) -> None:
    """In the project's own words; the field says that it is invalid."""
    visit(page, served.address)
    field = page.get_by_role("textbox", name="write latency")

    field.fill("80")
    field.press("Enter")

    wait(page, "#status", "Not simulated")
    told = page.locator(".control", has=field).locator(".problem")
    assert "has no unit; write e.g. 80ms" in told.inner_text()
    assert field.get_attribute("aria-invalid") == "true"


def test_a_request_that_is_clicked_says_why(page: Any, served: Served) -> None:
    """And so does one that is chosen by its name."""
    visit(page, served.address)

    box = page.locator(".panel .u-over").last.bounding_box()
    for step in range(40):
        page.mouse.click(
            box["x"] + box["width"] * step / 40, box["y"] + box["height"] / 5
        )
    page.get_by_role("button", name="first 429").click()

    wait(page, "#why", "refused by the origin")


def test_a_page_whose_server_is_gone_says_so_and_comes_back(
    page: Any, served_alone: Served
) -> None:
    """It keeps what was changed, and asks again by itself."""
    visit(page, f"{served_alone.address}#s=seed%3D5")

    served_alone.end()
    wait(page, "#gone", "The server does not answer")
    served_alone.start()

    wait(page, "#status", DONE)
    assert page.locator("#gone").is_hidden()
    wait(page, "#shown", "seed 5")


@pytest.fixture(scope="module")
def seen(browser: Any, served: Served) -> Iterator[Any]:
    """Return a page with all that it can show, for axe-core to look at."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    visit(page, f"{served.address}#s=kv.write_latency%3D20ms")
    page.get_by_role("button", name="slowest").click()
    wait(page, "#why", "Latency")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    yield page
    context.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "dark"), (1280, "light"), (2560, "dark")]
)
def test_nothing_scrolls_sideways_and_axe_finds_nothing(
    seen: Any, width: int, scheme: str
) -> None:
    """From a phone to a wide screen, light and dark; axe-core checks WCAG 2.2 AA."""
    if not AXE.exists() and not os.environ.get("CI"):
        pytest.skip("axe-core is not there (npm ci --prefix testbed)")
    seen.set_viewport_size({"width": width, "height": 900})
    seen.emulate_media(color_scheme=scheme)

    seen.add_script_tag(path=AXE)
    found = seen.evaluate("axe.run()")["violations"]

    told = [(one["id"], node["html"]) for one in found for node in one["nodes"]]
    assert told == []
    assert seen.evaluate("document.documentElement.scrollWidth") == width
