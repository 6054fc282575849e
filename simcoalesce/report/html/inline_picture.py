"""Charts inside a page: SVG in the page's own colours, light or dark."""

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.pictures.chart import charts, finding_of
from simcoalesce.report.pictures.chart_context import ChartContext
from simcoalesce.report.pictures.style import chart_style, picture, svg_text

STORY: Final = ("arrivals_by_outcome", "origin_calls_and_limit")
"""The charts that say what happened, in the order of the story."""
_OF_THE_PAGE: Final = {
    "#ffffff": "var(--paper)",
    "#000000": "var(--ink)",
    "#222222": "var(--ink)",
    "#6a6a6a": "var(--faint)",
    "#9a9a9a": "var(--axis)",
    "#e6e6e6": "var(--grid)",
    "#f6ecd9": "var(--door)",
    "#fbf7ef": "var(--door-light)",
    "#1f6f9c": "var(--line)",
}
_HEAD: Final = re.compile(r"<svg [^>]*?(viewBox=\"[^\"]+\")[^>]*>")
_METADATA: Final = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_NAME: Final = re.compile(r"(?<= id=\")|(?<=url\(#)|(?<=href=\"#)")


def all_charts(outcomes: Outcomes, setting: ChartContext | None) -> Iterator[str]:
    """Yield every chart that the rows allow, each as a figure of a page."""
    others = [kind for kind in charts() if kind not in STORY]
    return inline_charts(outcomes, setting, kinds=[*STORY, *others])


def inline_charts(
    outcomes: Outcomes, setting: ChartContext | None, *, kinds: Sequence[str]
) -> Iterator[str]:
    """Yield some charts, as far as the rows allow them, each as a figure of a page.

    Args:
        outcomes: One run.
        setting: Its scenario, for the clock and the limits; None works too.
        kinds: Which of them, in this order.
    """
    known = charts()
    for kind in kinds:
        if known[kind].is_possible(outcomes):
            with chart_style():
                drawn = picture(known[kind], outcomes, setting)
                svg = svg_text(drawn)
            yield f"<figure>{_inline(svg, kind, finding_of(drawn.axes[0]))}</figure>"


def _inline(svg: str, kind: str, finding: str) -> str:
    """Return an SVG as part of a page: named, in its colours, its ids its own."""
    told = escape(finding)
    names = 'xmlns:xlink="http://www.w3.org/1999/xlink" role="img"'
    head = f'<svg {names} \\1 aria-label="{told}">'
    body = _METADATA.sub("", svg[svg.index("<svg ") :])
    body = _HEAD.sub(head, body, count=1)
    body = _NAME.sub(f"{kind}-", body)
    for drawn, themed in _OF_THE_PAGE.items():
        body = body.replace(drawn, themed)
    return body
