"""What a change does to each metric: is it better, and by more than chance?"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple

from typing_extensions import override

from simcoalesce.experiment.compare import Comparison
from simcoalesce.experiment.difference import Difference
from simcoalesce.report.blocks.comparison import mean_or_never, named, verdict_text
from simcoalesce.report.blocks.number_format import counted, share
from simcoalesce.report.blocks.report import Tone
from simcoalesce.report.drawing.axes import horizontal
from simcoalesce.report.drawing.paint import AXIS, FAINT, INK, LINE, REFUSED, WINDOW
from simcoalesce.report.panels.row_chart import ChartRow, row_chart
from simcoalesce.report.picture import Picture

_MOST: Final = 1.0
"""The greatest increase that is drawn at its place; of others the end is shown."""
_LEAST_ROOM: Final = 0.25


class _Mark(NamedTuple):
    """How a verdict looks: never told by colour alone."""

    marker: str
    colour: str
    face: str


_MARKS: Final[dict[str, _Mark]] = {
    "better": _Mark("o", "#007a58", "#007a58"),
    "worse": _Mark("X", REFUSED, REFUSED),
    "lower or higher": _Mark("s", LINE, LINE),
    "same": _Mark("|", FAINT, FAINT),
    "undecided": _Mark("o", INK, "white"),
    "not comparable": _Mark("D", FAINT, "white"),
}


_TONES: Final[dict[str, Tone]] = {"better": "good", "worse": "bad"}


class ComparisonChanges(Picture):
    """The change of each metric with its 95 % interval, as a share of before.

    What is not comparable has its reason there, and no interval.
    """

    subject: ClassVar[type] = Comparison

    @override
    def is_possible(self, subject: Comparison) -> bool:
        return bool(subject.differences)

    @override
    def size_inches(self, subject: Comparison) -> tuple[float, float]:
        return 5.2, 0.32 * (1 + len(subject.differences))

    @override
    def headline(self, subject: Comparison) -> str:
        words = [_word(one) for one in subject.differences]
        better = words.count("better") or "none"
        if subject.no_verdict:
            return f"No verdict: {subject.no_verdict}"
        told = [
            f"{better} of {counted(len(words), 'metric')} better",
            f"{words.count('worse') or 'none'} worse",
        ]
        if "undecided" in words:
            told.append(f"{words.count('undecided')} undecided")
        if "not comparable" in words:
            reasons = (one.reason for one in subject.differences if one.reason)
            why = "; ".join(dict.fromkeys(reasons))
            told.append(f"{words.count('not comparable')} not comparable: {why}")
        text = "; ".join(told)
        return text[:1].upper() + text[1:]

    @override
    def subtitle(self, subject: Comparison) -> str:
        noun = "paired seed" if subject.is_paired else "seed"
        parts = [
            " → ".join(named(subject)),
            counted(subject.replications, noun),
            "mean change, as a share of before, with its 95 % interval",
        ]
        return " · ".join(parts)

    @override
    def series(self, subject: Comparison) -> Sequence[Mapping[str, Any]]:
        spans = [span for one in subject.differences if (span := _span(one))]
        low = max(-_MOST, min([-_LEAST_ROOM, *(span[0] for span in spans)]))
        high = min(_MOST, max([_LEAST_ROOM, *(span[2] for span in spans)]))
        margin = subject.margin_ratio
        return row_chart(
            [_chart_row(one) for one in subject.differences],
            (low, high),
            {"no change": 0.0},
            (-margin, margin),
        )

    @override
    def draw(self, subject: Comparison, ax: Any) -> None:
        shown = subject.differences
        spans = [span for one in shown if (span := _span(one)) is not None]
        low = min([-_LEAST_ROOM, *(min(span) for span in spans)])
        high = max([_LEAST_ROOM, *(max(span) for span in spans)])
        low, high = 1.08 * max(low, -_MOST), 1.08 * min(high, _MOST)
        ax.set_xlim(low, high)
        horizontal(ax, [one.metric for one in shown])
        margin = subject.margin_ratio
        label = f"within ±{share(margin, 1)}: the same"
        ax.axvspan(-margin, margin, color=WINDOW, label=label, zorder=0)
        ax.axvline(0, color=AXIS, linewidth=1, zorder=1)
        ax.xaxis.set_major_formatter(lambda x, _: _percent(x))
        _rows(ax, shown, (low, high))
        _marks(ax, shown)


def _chart_row(one: Difference) -> ChartRow:
    word, span = _word(one), _span(one)
    mark = _MARKS.get(word)
    before, after = (mean_or_never(side, one.metric) for side in (one.base, one.other))
    return ChartRow(
        one.metric,
        f"{before} → {after}",
        verdict_text(one),
        interval=(span[0], span[2]) if span else None,
        dot=span[1] if span else None,
        colour=mark.colour if mark else FAINT,
        tone=_TONES.get(word),
    )


def _rows(ax: Any, shown: Sequence[Difference], ends: tuple[float, float]) -> None:
    for row, one in enumerate(shown):
        _beside(ax, row, one)
        span, mark = _span(one), _MARKS.get(_word(one))
        if mark is None:
            continue
        if one.reason:
            _reason(ax, row, one.reason)
        elif span is None:
            _outside(ax, (ends[1], row), mark)
        else:
            low, mean, high = span
            ax.hlines(row, low, high, color=mark.colour, linewidth=1.6, zorder=3)
            if ends[0] <= mean <= ends[1]:
                _dot(ax, [mean], [row], mark)
            else:
                _outside(ax, (ends[mean > 0], row), mark)


def _marks(ax: Any, shown: Sequence[Difference]) -> None:
    """Name the marks that are in the picture."""
    words = {_word(one) for one in shown}
    for word, mark in _MARKS.items():
        if word in words:
            _dot(ax, [], [], mark, label=word)


def _dot(
    ax: Any,
    x: Sequence[float],
    y: Sequence[float],
    mark: _Mark,
    **style: Any,
) -> None:
    ax.plot(
        x,
        y,
        linestyle="none",
        marker=mark.marker,
        color=mark.colour,
        markerfacecolor=mark.face,
        markeredgewidth=1.4,
        markersize=7,
        zorder=4,
        clip_on=False,
        **style,
    )


def _outside(ax: Any, at: tuple[float, int], mark: _Mark) -> None:
    """Draw a change that lies beyond an end, or of which there is no share."""
    _dot(ax, [at[0]], [at[1]], mark)
    _note(ax, at, "beyond ", ha="right", offset=-7, color=mark.colour)


def _reason(ax: Any, row: int, text: str) -> None:
    left, right = ax.get_xlim()
    at = left + 0.03 * (right - left)
    _dot(ax, [at], [row], _MARKS["not comparable"])
    box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    _note(ax, (at, row), text, offset=9, color=FAINT, bbox=box)


def _beside(ax: Any, row: int, one: Difference) -> None:
    """Say at the right what it was, what it is, and what follows."""
    before, after = (mean_or_never(side, one.metric) for side in (one.base, one.other))
    told = f"{before} → {after}"
    mark = _MARKS.get(_word(one))
    colour = mark.colour if mark else FAINT
    right = ax.get_xlim()[1]
    _note(ax, (right, row), told, offset=14)
    _note(ax, (right, row), verdict_text(one).partition(":")[0], 140, color=colour)


def _note(ax: Any, at: tuple[float, int], text: str, offset: int, **style: Any) -> None:
    ax.annotate(
        text,
        at,
        (offset, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        annotation_clip=False,
        **style,
    )


def _word(one: Difference) -> str:
    word = verdict_text(one).partition(":")[0]
    return "lower or higher" if word in {"lower", "higher"} else word


def _span(one: Difference) -> tuple[float, float, float] | None:
    """Return the interval and the mean of a change as shares of before, in order.

    No metric gets below zero, even if an interval does.
    """
    change, base = one.change, abs(one.base.mean or 0.0)
    if one.reason or change.mean is None:
        return None
    # Of an instant that comes in some runs only the interval has no end.
    low, high = change.ci95 or (change.mean, change.mean)
    if not base:
        return None if change.mean else (0.0, 0.0, 0.0)
    return max(low / base, -1.0), change.mean / base, high / base


def _percent(ratio: float) -> str:
    sign = "+" if ratio > 0 else "−" if ratio < 0 else ""
    return f"{sign}{abs(100 * ratio):.0f} %"
