"""Pictures inside a page: SVG in the page's own colours, light or dark."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Final

from simcoalesce.report.drawing import paint
from simcoalesce.report.drawing.figure import svg_text
from simcoalesce.report.html.inlined import script_json
from simcoalesce.report.picture import Picture, pictures
from simcoalesce.visible import visible

_OF_THE_PAGE: Final = {
    "#ffffff": "var(--paper, transparent)",
    "#000000": "var(--ink, currentColor)",
    paint.INK: "var(--ink, currentColor)",
    paint.FAINT: "var(--faint, currentColor)",
    paint.AXIS: "var(--axis, currentColor)",
    paint.GRID: "var(--grid, #8884)",
    paint.WINDOW: "var(--window, #c47f0022)",
    paint.WINDOW_LIGHT: "var(--window-light, transparent)",
    paint.LINE: "var(--line, #1f6f9c)",
}
"""What a page says of its colours, or what suits any page that says nothing."""
_HEAD: Final = re.compile(r'<svg [^>]*?width="([^"]+)"[^>]*?viewBox="([^"]+)"[^>]*>')
_NEEDLESS: Final = re.compile(
    r'<metadata>.*?</metadata>|<style.*?</style>|(?<=<g) id="[^"]*"|(?<=>)\s+(?=<)'
    r'| transform="rotate\(-0 [^"]*"',
    re.DOTALL,
)
"""Among it a style sheet that would be one of the whole page."""
_NAME: Final = re.compile(r"(?<= id=\")|(?<=url\(#)|(?<=href=\"#)")
_STYLE: Final = "max-width: 100%; height: auto; stroke-linejoin: round"
_PATH: Final = re.compile(r' d="[^"]*"')
_DECIMALS: Final = re.compile(r"(?<=\.\d\d)\d+")
"""Of a point, beyond a hundredth: nobody sees them."""


def inline_pictures(
    kinds: Iterable[str], *subjects: object, has_scripts: bool = False
) -> Iterator[str]:
    """Yield pictures as figures of a page, as far as the subjects allow them.

    Args:
        kinds: Which of them, in this order.
        subjects: What there is to draw: a run, a sweep, an explanation.
        has_scripts: Whether scripts make charts of those that have numbers.
    """
    known = pictures()
    for kind in kinds:
        picture = known[kind]
        for subject in subjects:
            if isinstance(subject, picture.subject) and picture.is_possible(subject):
                svg = svg_text(picture, subject)
                inline = _inline(svg, kind, picture.headline(subject))
                numbers = _numbers(picture, subject) if has_scripts else ""
                yield f"<figure>{inline}{numbers}</figure>"


def _numbers(picture: Picture, subject: object) -> str:
    """Return what a chart shows in place of a picture; empty without a chart."""
    views = picture.series(subject)
    if not views:
        return ""
    text = script_json(
        {
            "headline": visible(picture.headline(subject)),
            "subtitle": visible(picture.subtitle(subject)),
            "views": list(views),
        }
    )
    return f'<script type="application/json" class="series">{text}</script>'


def _inline(svg: str, kind: str, headline: str) -> str:
    """Return an SVG as part of a page: named, in its colours, its ids its own."""
    body = _NEEDLESS.sub("", svg[svg.index("<svg ") :])
    names = 'xmlns:xlink="http://www.w3.org/1999/xlink" role="img"'
    head = _HEAD.match(body)
    assert head is not None, "matplotlib writes one"  # noqa: S101 - for the type
    body = (
        f'<svg {names} aria-label="{escape(headline)}" width="{head[1]}"'
        f' style="{_STYLE}" viewBox="{head[2]}">'
        f"{body[head.end() :]}"
    )
    body = _NAME.sub(f"{kind}-", body)
    body = _PATH.sub(lambda path: _DECIMALS.sub("", path[0]), body)
    for drawn, themed in _OF_THE_PAGE.items():
        body = body.replace(drawn, themed)
    return body
