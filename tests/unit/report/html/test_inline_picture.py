"""Charts inside a page: named, in its colours, apart from each other."""

import re

import pytest

from simcoalesce.report.html.inline_picture import all_charts, inline_charts
from tests.unit.report.builders import a_flash_sale, outcomes_of


@pytest.fixture(scope="module")
def figures() -> list[str]:
    """All charts of a sale."""
    return list(all_charts(a_flash_sale(limit=300), None))


def test_the_story_comes_first(figures: list[str]) -> None:
    """When the door was open, then what the origin got."""
    labels = [re.findall(r'aria-label="([^"]*)"', one)[0] for one in figures[:2]]

    assert labels[0].startswith("Door open for")
    assert labels[1].startswith("The origin gets")


def test_a_chart_has_no_paper_of_its_own(figures: list[str]) -> None:
    """Its ground and its ink are the page's, light or dark."""
    for figure in figures:
        assert "#ffffff" not in figure
        assert "var(--paper)" in figure


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


def test_a_run_without_requests_still_has_a_chart() -> None:
    """A page is never empty."""
    kinds = ["arrivals_by_outcome"]

    assert "no request arrived" in "".join(
        inline_charts(outcomes_of([]), None, kinds=kinds)
    )
