"""What pictures put into their axes alike: bars, counts, and a word where none is."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from simcoalesce.report.drawing.paint import INK

_CORNERS = (Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY)


def bars(
    ax: Any,
    left: NDArray[np.float64],
    bottom: NDArray[Any],
    *,
    width: NDArray[Any] | float,
    height: NDArray[Any] | float,
    **style: Any,
) -> None:
    """Draw rectangles as one path: a tenth of the size of one for each.

    Args:
        ax: matplotlib axes, whose limits are set already.
        left: Left ends, shape (bars,).
        bottom: Lower ends, shape (bars,).
        width: Of each, or of all.
        height: The same.
        style: How they look.
    """
    right, top = left + width, bottom + height
    corners = np.stack(
        [left, bottom, left, top, right, top, right, bottom, left, bottom]
    )
    vertices = corners.T.reshape(-1, 2)
    codes = np.tile(_CORNERS, len(left))
    ax.add_patch(PathPatch(Path(vertices, codes), linewidth=0, **style))


def panels(ax: Any, number: int, *, gap: float = 0.22) -> list[Any]:
    """Return axes and others below, all of one width, which share what is on x.

    Args:
        ax: The uppermost axes.
        number: How many there are with it.
        gap: Between two of them, as a share of their height.
    """
    below = [
        ax.inset_axes((0, -row * (1 + gap), 1, 1), sharex=ax)
        for row in range(1, number)
    ]
    every = [ax, *below]
    for one in every[:-1]:
        one.tick_params(axis="x", labelbottom=False)
    return every


def count_axis(axis: Any) -> None:
    """Have an axis show whole numbers, with thousands apart."""
    axis.get_major_locator().set_params(integer=True)
    axis.set_major_formatter(lambda number, _: f"{number:,.0f}")


def horizontal(ax: Any, names: list[str]) -> None:
    """Name the rows of horizontal bars from top to bottom."""
    ax.grid(visible=True, axis="x")
    ax.grid(visible=False, axis="y")
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0, labelcolor=INK)


def bar_texts(ax: Any, ends: Iterable[float], texts: Iterable[str]) -> None:
    """Write a text behind the end of each horizontal bar."""
    for row, (end, text) in enumerate(zip(ends, texts, strict=True)):
        ax.annotate(
            text,
            (end, row),
            (5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
        )


def empty(ax: Any, text: str) -> None:
    """Say in the middle of a picture why there is nothing in it."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center")
    ax.set_xticks([])
    ax.set_yticks([])
