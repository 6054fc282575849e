"""Pictures inside a page: named, in its colours, apart from each other."""

import re

import pytest

from simcoalesce.report.blocks.result import RUN_PICTURES
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.html.inline_picture import inline_pictures
from tests.unit.report.builders import a_context, a_flash_sale, outcomes_of


@pytest.fixture(scope="module")
def figures() -> list[str]:
    """All pictures of a sale."""
    return list(inline_pictures(RUN_PICTURES, RunView(a_flash_sale(limit=300))))


def test_the_story_comes_first(figures: list[str]) -> None:
    """How long the miss window was, then what the origin got."""
    labels = [re.findall(r'aria-label="([^"]*)"', one)[0] for one in figures[:2]]

    assert labels[0].startswith("Miss window of")
    assert labels[1].startswith("The origin gets")


def test_a_chart_has_no_paper_of_its_own(figures: list[str]) -> None:
    """Its ground and its ink are the page's, light or dark."""
    for figure in figures:
        assert "#ffffff" not in figure
        assert "var(--paper, " in figure


def test_ids_of_two_charts_do_not_meet(figures: list[str]) -> None:
    """A reference in one would else lead into another."""
    ids = [set(re.findall(r' id="([^"]+)"', figure)) for figure in figures]

    assert len(set.union(*ids)) == sum(map(len, ids))


def test_every_reference_leads_somewhere(figures: list[str]) -> None:
    """Within its own chart."""
    for figure in figures:
        ids = set(re.findall(r' id="([^"]+)"', figure))
        used = set(re.findall(r'(?:url\(|href=")#([^")]+)', figure))

        assert used <= ids


def test_a_run_without_requests_still_has_a_picture() -> None:
    """A page is never empty."""
    (figure,) = inline_pictures(RUN_PICTURES, RunView(outcomes_of([])))

    assert "no request arrived" in figure


def test_any_text_is_safe_in_a_page() -> None:
    """Names come from files."""
    run = RunView(a_flash_sale(3), a_context(title="a < b & \\1"))
    figures = "".join(inline_pictures(RUN_PICTURES, run))

    assert "a &lt; b &amp; \\1" in figures
