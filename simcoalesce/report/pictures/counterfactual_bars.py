"""Bars of an explanation: what each change leaves, and what each cause takes away."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.explain.counterfactuals.attribution import Attribution
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.number_format import count
from simcoalesce.report.html.svg import CACHED, ORIGIN, box, drawing, line, text

_BAR_WIDTH: Final = 420
_LABEL_WIDTH: Final = 250
_VALUE_WIDTH: Final = 80
_WIDTH: Final = _LABEL_WIDTH + _BAR_WIDTH + _VALUE_WIDTH
_ROW: Final = 24
_THICK: Final = 16


def counterfactual_bars(explanation: Explanation) -> str:
    """Return origin calls as bars with 95 % intervals, the incident first."""
    rows = [("as it happened", explanation.base["origin_hits"])]
    rows += [
        (one.label, one.estimates["origin_hits"]) for one in explanation.counterfactuals
    ]
    ends = (end or 0.0 for _, known in rows for end in (known.mean, known.high))
    scale = _BAR_WIDTH / max(1.0, *ends)
    parts = [
        part
        for place, (label, known) in enumerate(rows)
        for part in _bar(place * _ROW + 4, label, known, scale)
    ]
    height = len(rows) * _ROW + 8
    return drawing(
        parts, width=_WIDTH, height=height, name="Origin calls of each change"
    )


def _bar(y: float, label: str, known: Estimate, scale: float) -> Iterator[str]:
    mean = known.mean or 0.0
    low, high = (mean if end is None else end for end in (known.low, known.high))
    start, end = (_LABEL_WIDTH + scale * max(one, 0) for one in (low, high))
    yield text(_LABEL_WIDTH - 8, y + 12, label, "end")
    yield box(_LABEL_WIDTH, y, (scale * mean, _THICK), ORIGIN)
    yield line([(start, y + 8), (end, y + 8)])
    yield text(end + 8, y + 12, count(mean))


def waterfall(known: Attribution) -> str:
    """Return how the calls fall, cause by cause, to what is left without them all."""
    before, after = float(known.before), float(known.after)
    scale = _BAR_WIDTH / max(before, after, 1.0)
    parts = [*_step(4, "as it happened", (0, before), scale, ORIGIN)]
    level, y = before, 4.0
    for one in known.shares:
        y += _ROW
        taken = float(one.shapley)
        x = _LABEL_WIDTH + scale * level
        parts.append(line([(x, y - _ROW + _THICK), (x, y)]))
        parts += _step(y, one.label, (level - taken, level), scale, CACHED)
        level -= taken
    parts += _step(y + _ROW, "all of these changed", (0, after), scale, ORIGIN)
    height = (len(known.shares) + 2) * _ROW + 8
    return drawing(
        parts, width=_WIDTH, height=height, name="What each cause takes away"
    )


def _step(
    y: float, label: str, ends: tuple[float, float], scale: float, fill: str
) -> Iterator[str]:
    low, high = sorted(ends)
    sign = "\u2212" if fill == CACHED else ""
    yield text(_LABEL_WIDTH - 8, y + 12, label, "end")
    yield box(_LABEL_WIDTH + scale * low, y, (scale * (high - low), _THICK), fill)
    yield text(_LABEL_WIDTH + scale * high + 8, y + 12, f"{sign}{count(high - low)}")
