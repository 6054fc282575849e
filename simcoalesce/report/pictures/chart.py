"""The idea of a chart: one question, one picture."""

import re
from collections.abc import Sequence
from textwrap import wrap
from typing import Any, ClassVar, Final

from simcoalesce.discovery import members
from simcoalesce.outcomes import Outcomes
from simcoalesce.report.pictures.chart_context import ChartContext
from simcoalesce.spec import Spec


class Chart(Spec):
    """A question about a run, and how to draw the answer from its rows.

    A chart sees rows, never the machine, so it draws simulated and observed runs
    alike. Of the scenario, if there is one, it may use the clock and the limits.
    """

    question: ClassVar[str]
    """What a reader asks who looks at it."""
    size_inches: ClassVar[tuple[float, float]] = (9.6, 5.4)
    """Width and height of the picture."""

    kind: str

    def is_possible(self, outcomes: Outcomes) -> bool:
        """Return whether the rows hold anything to draw."""
        return len(outcomes.request_rows.request) > 0

    def draw(self, outcomes: Outcomes, setting: ChartContext | None, ax: Any) -> None:
        """Draw the answer.

        Args:
            outcomes: One run.
            setting: Its scenario, for the clock and the limits; None works too.
            ax: matplotlib axes, empty.
        """
        raise NotImplementedError


def charts() -> dict[str, Chart]:
    """Return every chart by its kind."""
    found = members(Chart, "simcoalesce.report.pictures.charts")
    return {kind: chart() for kind, chart in found.items()}


_TITLE_CHARACTERS: Final = 84
_SUBTITLE_CHARACTERS: Final = 130
_LEGEND_CHARACTERS: Final = 105
_LEGEND_ROW_POINTS: Final = 14
_SUBTITLE_ROW_POINTS: Final = 12
_UNIT: Final = re.compile(r"(\d) (%|ms\b|s\b|min\b)")


def headline(ax: Any, finding: str, subtitle: str) -> None:
    """Say above a drawn picture what it shows, when, and which colour means what."""
    rise = 8 + _LEGEND_ROW_POINTS * _legend(ax)
    lines = wrap(subtitle, _SUBTITLE_CHARACTERS)
    _above(ax, "\n".join(lines), rise, fontsize=9, color="#6a6a6a")
    rise += 8 + _SUBTITLE_ROW_POINTS * len(lines)
    title = "\n".join(_balanced(finding, _TITLE_CHARACTERS))
    _above(ax, title, rise, fontsize=12.5, fontweight="bold", gid="finding")


def finding_of(ax: Any) -> str:
    """Return what a drawn picture's headline says it shows."""
    found = [text.get_text() for text in ax.texts if text.get_gid() == "finding"]
    return " ".join(found).replace("\n", " ").replace("\u00a0", " ")


def _balanced(text: str, width: int) -> list[str]:
    """Return a text in as few lines as fit, of about the same length."""
    held = _UNIT.sub("\\1\u00a0\\2", text)
    fewest = len(wrap(held, width))
    narrowest = len(held) // max(fewest, 1)
    lines = (wrap(held, narrow) for narrow in range(max(narrowest, 1), width + 1))
    return next((some for some in lines if len(some) <= fewest), [held])


def _legend(ax: Any) -> int:
    """Put the legend right above the axes; return how many rows it has."""
    handles, labels = ax.get_legend_handles_labels()
    if not handles:
        return 0
    columns = next(
        (
            n
            for n in range(len(labels), 1, -1)
            if _row_length(labels, n) <= _LEGEND_CHARACTERS
        ),
        1,
    )
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.02), ncols=columns)
    return -(-len(labels) // columns)


def _row_length(labels: Sequence[str], columns: int) -> int:
    rows = -(-len(labels) // columns)
    by_column = [labels[i : i + rows] for i in range(0, len(labels), rows)]
    return sum(6 + max(map(len, column)) for column in by_column)


def _above(ax: Any, text: str, points: float, **look: Any) -> None:
    ax.annotate(
        text,
        (0, 1),
        (0, points),
        xycoords="axes fraction",
        textcoords="offset points",
        va="bottom",
        linespacing=1.15,
        annotation_clip=False,
        **look,
    )


def empty(ax: Any, text: str) -> None:
    """Say in the middle of a picture why there is nothing in it."""
    ax.text(0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center")
    ax.set_xticks([])
    ax.set_yticks([])
