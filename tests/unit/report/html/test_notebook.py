"""What a notebook shows."""

from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from typing_extensions import override

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.html.notebook import html_of_outcomes, html_of_result
from tests.unit.report.builders import (
    MS,
    a_context,
    a_flash_sale,
    a_result,
    many_hits,
    outcomes_of,
)

RUNS: dict[str, Callable[[], Outcomes]] = {
    "nothing": lambda: outcomes_of([]),
    "one": lambda: outcomes_of([3 * MS]),
    "five bursts": lambda: a_flash_sale(bursts=5, limit=1_200),
    "much traffic": many_hits,
}


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    @override
    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_html_is_small_and_well_formed(run: Callable[[], Outcomes]) -> None:
    """Less than 20 KB, every tag closed, no script and no style sheet."""
    html = html_of_outcomes(run())
    tags = _Tags()
    tags.feed(html)

    assert len(html.encode()) < 20_000
    assert not tags.open
    assert not tags.seen & {"script", "style", "link", "img"}


def test_a_result_tells_its_sentence_and_shows_its_table() -> None:
    """As the terminal does."""
    context = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))
    run = a_flash_sale(bursts=5, limit=1_200)
    html = html_of_result(a_result(run, run, context=context))

    assert "it refused 1,630, the first at 21:02:00." in html
    assert '<td class="number">1,630</td>' in html


def test_names_are_escaped() -> None:
    """A key may be called anything."""
    arrived = [0, MS, 2 * MS, 90_000 * MS]
    html = html_of_outcomes(
        outcomes_of(arrived, lookup=0, latency_ns=9 * MS, keys=("<b>", "c"))
    )

    assert "<b>" not in html


def test_it_takes_the_colours_of_its_page() -> None:
    """Dark pages stay dark."""
    html = html_of_outcomes(a_flash_sale())

    assert "currentColor" in html
    assert "background" not in html
