"""Small drawings within a page: they take its colours, in the dark too."""

from collections.abc import Iterable
from html import escape
from typing import Final

ORIGIN: Final = "var(--origin)"
REFUSED: Final = "var(--refused)"
CACHED: Final = "var(--cached)"


def drawing(parts: Iterable[str], *, width: int, height: int, name: str) -> str:
    """Return a drawing as an element of a page.

    Args:
        parts: What is drawn.
        width: In its own units; the page scales it.
        height: The same.
        name: What it shows, for those who do not see it.
    """
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(name)}"'
        f' font-size="12.5" fill="currentColor">{"".join(parts)}</svg>'
    )


def text(x: float, y: float, said: str, anchor: str = "start") -> str:
    """Return a text that starts, has its middle, or ends at a point."""
    place = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:.1f}" y="{y:.1f}"{place}>{escape(said)}</text>'


def box(x: float, y: float, size: tuple[float, float], fill: str) -> str:
    """Return a filled rectangle from its upper left corner."""
    width, height = size
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}"'
        f' height="{max(height, 0):.1f}" fill="{fill}"/>'
    )


def line(
    points: Iterable[tuple[float, float]],
    stroke: str = "currentColor",
    *,
    width: float = 1,
    is_dashed: bool = False,
) -> str:
    """Return a line through points."""
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    dashes = ' stroke-dasharray="5 4"' if is_dashed else ""
    return (
        f'<path d="M{path}" fill="none" stroke="{stroke}" stroke-width="{width:g}"'
        f"{dashes}/>"
    )
