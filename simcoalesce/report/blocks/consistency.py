"""What a report contradicts, what may have happened instead, and what is assumed."""

from collections.abc import Iterator, Sequence
from typing import Final

from simcoalesce.explain.assumption import Assumption
from simcoalesce.explain.calibration.hypothesis import (
    Consistency,
    DistinguishingMetric,
    Hypothesis,
)
from simcoalesce.report.blocks.number_format import count, listed
from simcoalesce.report.blocks.report import Block, Toned

_NO_CAUSE: Final = "no other observation alone contradicts it"
_DEVIATION: Final = (
    "Deviation: 1 for each doubling or halving of a reported value, +1 for each"
    " statement given up, a quarter for values that nobody reported."
)
_RANGES: Final = "A range fits while nothing else is changed."
_TOLD_APART: Final = (
    "Told apart by: the metrics that differ most from hypothesis 1 (of 1: from 2),"
    " means of 5 runs."
)


def consistency_block(known: Consistency) -> Block:
    """Return which observations contradict each other, and the hypotheses."""
    if not known.unexplained:
        return Block(
            "Can the report be true",
            lines=("Yes: all observations can be true together.",),
        )
    lines = ["No. Some observations contradict others:"]
    for one in known.contradictions:
        without = listed([f"“{other}”" for other in one.against])
        why = f"it would be true without {without}" if without else _NO_CAUSE
        lines.append(Toned(f"✗ “{one.text}”; {why}.", "bad"))
    lines.append(_fit(known))
    is_rivalled = len(known.hypotheses) > 1
    return Block(
        "Can the report be true",
        lines=lines,
        header=("", "deviation", "hypothesis", "still unexplained", "told apart by"),
        rows=[_row(*one) for one in enumerate(known.hypotheses, 1)],
        numbers=(0, 1),
        notes=(_DEVIATION, _RANGES, _TOLD_APART)[: 3 if is_rivalled else 2],
    )


def _row(number: int, hypothesis: Hypothesis) -> tuple[str, ...]:
    return (
        str(number),
        f"{hypothesis.deviation:.1f}",
        "; ".join(one.text for one in hypothesis.adjustments) or "nothing changed",
        listed([f"“{one}”" for one in hypothesis.unexplained]) or "nothing",
        "; ".join(map(_difference, hypothesis.told_apart_by)),
    )


def _difference(one: DistinguishingMetric) -> str:
    """Return a difference in words.

    >>> _difference(DistinguishingMetric("kv_writes", 4.0, 1500.0))
    'kv_writes 4, not 1,500'
    """
    here, there = ("none" if it is None else count(it) for it in (one.here, one.there))
    return f"{one.metric} {here}, not {there}"


def _fit(known: Consistency) -> str:
    """Return what the hypotheses are: some fit, or it is the nearest one."""
    if all(not hypothesis.unexplained for hypothesis in known.hypotheses):
        return "Hypotheses that explain all observations:"
    if any(not hypothesis.unexplained for hypothesis in known.hypotheses):
        return "Hypotheses, those that explain all observations first:"
    return "No hypothesis explains all observations. The nearest one:"


def assumptions_block(assumed: Sequence[Assumption]) -> Block:
    """Return what the file states, and nobody reported."""
    return Block(
        "Assumed",
        lines=("The file states, and no observation does:",),
        header=("", "value", ""),
        rows=[(one.key, one.value, "; ".join(_remarks(one))) for one in assumed],
    )


def _remarks(one: Assumption) -> Iterator[str]:
    if one.reported:
        yield f"reported: {one.reported}"
    if one.decides:
        yield one.decides
