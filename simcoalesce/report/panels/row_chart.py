"""Charts of rows: a name, a bar or an interval, and what it says, one below another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simcoalesce.report.blocks.report import Tone
from simcoalesce.visible import visible


@dataclass(frozen=True)
class ChartRow:
    """A row of such a chart.

    Attributes:
        name: Of what it is.
        text: What it says, beside its bar.
        note: What else is known of it.
        bar: From where to where its bar reaches; None without a bar.
        interval: From where to where its interval reaches; None without one.
        dot: Where its mean is marked; None if it is not.
        colour: Of its bar.
        tone: Whether the text is good or bad news.
    """

    name: str
    text: str
    note: str = ""
    bar: tuple[float, float] | None = None
    interval: tuple[float, float] | None = None
    dot: float | None = None
    colour: str = ""
    tone: Tone | None = None


def row_chart(
    rows: Sequence[ChartRow],
    ends: tuple[float, float],
    marks: Mapping[str, float] | None = None,
    within: tuple[float, float] | None = None,
) -> Sequence[Mapping[str, Any]]:
    """Return rows to one scale as the only view of a chart.

    Args:
        rows: From top to bottom.
        ends: Of the scale; what lies beyond ends there.
        marks: Values that are marked in all rows, by what they are.
        within: A part of the scale that is shaded.
    """
    low, high = ends
    span = (high - low) or 1.0

    def at(value: float) -> float:
        share = (min(max(value, low), high) - low) / span
        return round(100 * share, 2)

    named = marks or {}
    return [
        {
            "name": "",
            "rows": [
                {
                    "name": visible(one.name),
                    "text": visible(one.text),
                    "note": visible(one.note),
                    "tone": one.tone,
                    "colour": one.colour,
                    "bar": one.bar and [*map(at, one.bar)],
                    "interval": one.interval and [*map(at, one.interval)],
                    "dot": None if one.dot is None else at(one.dot),
                }
                for one in rows
            ],
            "marks": [
                {"at": at(value), "label": visible(label)}
                for label, value in named.items()
            ],
            "within": within and [*map(at, within)],
        }
    ]
