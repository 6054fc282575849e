"""The picture of a sweep: where is it safe, and where are we?"""

from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from simcoalesce.experiment.direction import DIRECTION
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import SweepView
from simcoalesce.report.pictures.chart import headline
from simcoalesce.report.pictures.style import FAINT, INK, chart_style, save

_PALE_TO_DARK: Final = ("#fbf6ee", "#f3c99b", "#dd7f4a", "#a63a24", "#5e1414")
_SAFE: Final = "#1f6f9c"


def save_heat_map(view: SweepView, path: Path) -> None:
    """Draw a grid of two parameters, the first downwards, as PNG or SVG.

    Each cell has its number; the line runs around what meets the goal, the diamond
    stands where the scenario is now, and what failed is hatched.

    Raises:
        OSError: If the file cannot be written.
        ValueError: If the sweep is no grid of two parameters.
    """
    if len(view.plan.axes) != 2 or view.plan.sample != "grid":
        raise ValueError("only a grid of two parameters is a heat map")
    with chart_style():
        figure = Figure(figsize=_size_inches(view))
        FigureCanvasAgg(figure)
        ax = figure.add_axes((0.2, 0.14, 0.78, 0.66))
        draw(view, ax)
        save(figure, path)


def _size_inches(view: SweepView) -> tuple[float, float]:
    rows, columns = _shape(view)
    return max(9.6, 2.4 + 0.85 * columns), max(3.6, 2.0 + 0.5 * rows)


def _shape(view: SweepView) -> tuple[int, int]:
    down, across = view.plan.axes
    return len(down.values), len(across.values)


def draw(view: SweepView, ax: Any) -> None:
    """Draw the heat map.

    Args:
        view: A grid of two parameters, seen from one metric.
        ax: matplotlib axes, empty.
    """
    means = _means(view)
    # Dark is bad, whichever way the metric should go.
    shades = _PALE_TO_DARK[:: -DIRECTION.get(view.metric, -1)]
    colours = LinearSegmentedColormap.from_list("pale to dark", shades)
    norm = _norm(means)
    ax.pcolormesh(means, cmap=colours, norm=norm, edgecolors="white", linewidth=1.5)
    ax.grid(visible=False)
    ax.invert_yaxis()
    for spine in ax.spines.values():
        spine.set_visible(False)
    _label(view, ax)
    for place in range(means.size):
        _cell(view, ax, place, norm)
    _outline(view, ax)
    headline(ax, _finding(view), _subtitle(view))


def _means(view: SweepView) -> NDArray[np.float64]:
    """Return the metric at each point, nan for none, shape (rows, columns)."""
    known = [view.estimate(place) for place in range(len(view.plan.points))]
    means = [e.mean if e and e.mean is not None else np.nan for e in known]
    return np.array(means, dtype=np.float64).reshape(_shape(view))


def _norm(means: NDArray[np.float64]) -> Any:
    known = means[~np.isnan(means)]
    low, high = (known.min(), known.max()) if len(known) else (0.0, 1.0)
    if low > 0 and high / low > 20:
        return LogNorm(low, high)
    return Normalize(low, high if high > low else low + 1)


def _label(view: SweepView, ax: Any) -> None:
    down, across = view.plan.axes
    ax.set_xticks(np.arange(len(across.values)) + 0.5, across.values)
    ax.set_yticks(np.arange(len(down.values)) + 0.5, down.values)
    ax.set_xlabel(across.key)
    ax.set_ylabel(down.key)
    ax.tick_params(length=0)


def _cell(view: SweepView, ax: Any, place: int, norm: Any) -> None:
    row, column = divmod(place, _shape(view)[1])
    cell, known = view.sweep.points[place], view.estimate(place)
    if known is None or known.mean is None:
        hatch = "////" if cell and cell.failure else None
        box = Rectangle((column, row), 1, 1, facecolor="#eeeeee", edgecolor=FAINT)
        box.set(hatch=hatch, linewidth=0)
        ax.add_patch(box)
    is_dark = (
        known is not None
        and known.mean is not None
        and _is_dark(view, norm(known.mean))
    )
    text = f"◆ {view.text(place)}" if view.is_present(place) else view.text(place)
    colour = "white" if is_dark else INK
    look = {"ha": "center", "va": "center", "color": colour, "fontsize": 9}
    ax.text(column + 0.5, row + 0.5, text, **look)


def _is_dark(view: SweepView, share: float) -> bool:
    return share > 0.55 if DIRECTION.get(view.metric, -1) < 0 else share < 0.45


def _outline(view: SweepView, ax: Any) -> None:
    """Draw the line between what meets the goal and what does not."""
    rows, columns = _shape(view)
    safe = np.zeros((rows + 2, columns + 2), dtype=bool)
    met = [view.meets_goal(place) for place in range(rows * columns)]
    safe[1:-1, 1:-1] = np.array(met).reshape(rows, columns)
    look = {"color": _SAFE, "linewidth": 2.5, "solid_capstyle": "round"}
    for column in range(columns):
        for row, (above, below) in enumerate(pairwise(safe[:, column + 1])):
            if above != below:
                ax.plot([column, column + 1], [row, row], clip_on=False, **look)
    for row in range(rows):
        for column, (left, right) in enumerate(pairwise(safe[row + 1])):
            if left != right:
                ax.plot([column, column], [row, row + 1], clip_on=False, **look)


def _finding(view: SweepView) -> str:
    meeting_goal = sum(map(view.meets_goal, range(len(view.plan.points))))
    if view.goal is None:
        return f"{view.metric} over {' and '.join(a.key for a in view.plan.axes)}"
    points = counted(len(view.plan.points), "point")
    if not meeting_goal:
        return f"None of {points} meets {view.goal}"
    meet = "meets" if meeting_goal == 1 else "meet"
    return f"{meeting_goal:,} of {points} {meet} {view.goal}"


def _subtitle(view: SweepView) -> str:
    runs = counted(view.plan.replications, "run")
    parts = [f"{view.plan.scenario.label}: {view.metric}, mean of {runs}"]
    if any(map(view.is_present, range(len(view.plan.points)))):
        parts.append("◆ the scenario as it is")
    if view.goal is not None:
        parts.append("inside the line: the whole 95 % interval does")
    return " · ".join(parts)
