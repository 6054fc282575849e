"""A grid of two parameters: where is it safe, and where are we?"""

from typing import Any, ClassVar, Final

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, LogNorm, Normalize
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.experiment.direction import direction_of
from simcoalesce.report.blocks.number_format import counted
from simcoalesce.report.blocks.sweep_view import BASELINE, SweepView, goal_sentence
from simcoalesce.report.drawing.paint import INK, LINE
from simcoalesce.report.picture import Picture

_PALE_TO_DARK: Final = ("#fbf6ee", "#f3c99b", "#dd7f4a", "#a63a24", "#5e1414")
_MISSING: Final = "#eeeeee"


class HeatMap(Picture):
    """A field for each point, with its number; a line around what meets the goal.

    The diamond stands where the scenario is now, ✗ where a point failed.
    """

    subject: ClassVar[type] = SweepView

    @override
    def is_possible(self, subject: SweepView) -> bool:
        return subject.is_grid

    @override
    def size_inches(self, subject: SweepView) -> tuple[float, float]:
        rows, columns = _shape(subject)
        return 0.78 * max(9.6, 2.4 + 0.85 * columns), 0.66 * max(3.6, 2 + 0.5 * rows)

    @override
    def headline(self, subject: SweepView) -> str:
        keys = " and ".join(axis.key for axis in subject.plan.axes)
        return goal_sentence(subject) or f"{subject.metric} over {keys}"

    @override
    def subtitle(self, subject: SweepView) -> str:
        runs = counted(subject.plan.replications, "run")
        parts = [f"{subject.plan.scenario.label}: {subject.metric}, mean of {runs}"]
        if any(map(subject.is_baseline, subject.indices)):
            parts.append(f"{BASELINE} the scenario as it is")
        if subject.goal is not None:
            parts.append("inside the line: the whole 95 % interval meets it")
        return " · ".join(parts)

    @override
    def draw(self, subject: SweepView, ax: Any) -> None:
        means = _means(subject)
        # Dark is bad, whichever way the metric should go.
        shades = _PALE_TO_DARK[:: -(direction_of(subject.metric) or -1)]
        known = LinearSegmentedColormap.from_list("pale to dark", shades)
        colours = known.with_extremes(bad=_MISSING)
        norm = _norm(means)
        ax.pcolormesh(means, cmap=colours, norm=norm, edgecolors="white", linewidth=1.5)
        ax.grid(visible=False)
        ax.invert_yaxis()
        for spine in ax.spines.values():
            spine.set_visible(False)
        _label(subject, ax)
        for index in subject.indices:
            _point(subject, ax, index, norm)
        _outline(subject, ax)


def _shape(view: SweepView) -> tuple[int, int]:
    down, across = view.plan.axes
    return len(down.values), len(across.values)


def _means(view: SweepView) -> NDArray[np.float64]:
    """Return the metric at each point, nan for none, shape (rows, columns)."""
    means = [view.mean(index) for index in view.indices]
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


def _point(view: SweepView, ax: Any, index: int, norm: Any) -> None:
    row, column = divmod(index, _shape(view)[1])
    mean = view.mean(index)
    is_dark = mean is not None and _is_dark(view, norm(mean))
    mark = f"{BASELINE} " * view.is_baseline(index)
    ax.text(
        column + 0.5,
        row + 0.5,
        f"{mark}{view.text(index)}",
        ha="center",
        va="center",
        color="white" if is_dark else INK,
        fontsize=9,
    )


def _is_dark(view: SweepView, share: float) -> bool:
    return share > 0.55 if (direction_of(view.metric) or -1) < 0 else share < 0.45


def _outline(view: SweepView, ax: Any) -> None:
    """Draw the line between what meets the goal and what does not."""
    met = np.array([view.meets_goal(index) for index in view.indices])
    safe = np.pad(met.reshape(_shape(view)), 1)
    style = {"color": LINE, "linewidth": 2.5, "solid_capstyle": "round"}
    for row, column in np.argwhere(safe[1:, 1:-1] != safe[:-1, 1:-1]):
        ax.plot([column, column + 1], [row, row], clip_on=False, **style)
    for row, column in np.argwhere(safe[1:-1, 1:] != safe[1:-1, :-1]):
        ax.plot([column, column], [row, row + 1], clip_on=False, **style)
