"""The causes of an incident, as a table: what goes without each, and its share."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from simcoalesce.explain.causes.attribution import Attribution, FoundCause
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.number_format import count, listed, share, spaced_units
from simcoalesce.report.blocks.report import Block

_MINUS: Final = "\u2212"
_NOTHING_RATIO: Final = 5e-4
"""A change by less than this share of what all causes make is none."""
_HEADER = ("cause", "without it", "it alone", "share", "95 % interval")


def causes_block(known: Attribution) -> Block:
    """Return what causes the harm, the one to name first."""
    rows = [
        (
            f"{one.label} ({spaced_units(one.removed)})",
            _change(known, -(one.necessity.mean or 0.0)),
            _change(known, one.sufficiency.mean or 0.0),
            f"{one.share_ratio * 100:.0f} %",
            _interval(one, known),
        )
        for one in known.causes
    ]
    return Block(
        "Causes",
        lines=(_divided(known),),
        header=_HEADER,
        rows=rows,
        numbers=(1, 2, 3, 4),
        notes=tuple(_notes(known)),
        pictures=("waterfall",),
    )


def _divided(known: Attribution) -> str:
    before, after = (_told(one, known) for one in (known.before, known.after))
    told = f"{known.harm} is {before} (mean of {known.seeds} runs), and {after} without"
    if known.is_counted:
        told = f"{before} {known.harm} (mean of {known.seeds} runs); {after} without"
    return f"{told} all of these causes. Each cause is taken out of the same runs:"


def _told(harm: Fraction | float, known: Attribution) -> str:
    """Return what is measured where the harm is so much, in its unit."""
    return value_text(known.measured(harm), known.unit)


def _change(known: Attribution, harm: float) -> str:
    """Return by how much more or less is measured where there is so much more harm."""
    if abs(harm) < _NOTHING_RATIO * abs(float(known.before - known.after)):
        return "0"
    return _signed(value_text(abs(harm), known.unit), known.measured(harm) > 0)


def _signed(told: str, is_more: bool) -> str:  # noqa: FBT001 - of two words
    """Return a change; what is only bounded ("<0.1 %") has a word behind it.

    >>> _signed("3 %", True), _signed("<0.1 %", False)
    ('+3 %', '<0.1 % less')
    """
    if told[0] in "<>":
        return f"{told} {'more' if is_more else 'less'}"
    return f"{'+' if is_more else _MINUS}{told}"


def _interval(one: FoundCause, known: Attribution) -> str:
    total = float(known.before - known.after)
    if one.ci95 is None or not total:
        return "-"
    low, high = (100 * end / total for end in one.ci95)
    return f"{low:.0f} to {high:.0f} %"


def _notes(known: Attribution) -> Iterator[str]:
    yield (
        "Without it: what goes away. It alone: what it makes in a run without the"
        " others. Share: Shapley value; all of them sum to what is divided."
    )
    leading = sum(one.explains for one in known.causes)
    if leading > 1:
        yield (
            f"Without each of the first {leading} most of the harm is gone; the most"
            " unusual of them comes first."
        )
    if known.ruled_out:
        yield f"Looked at, without effect: {listed(known.ruled_out)}."


def cause_sentence(known: Attribution) -> str:
    """Return the first cause and its size, in the incident's own numbers."""
    first = known.first
    label = f"{first.label[0].upper()}{first.label[1:]}"
    without = f"{label}: without that ({spaced_units(first.removed)})"
    gone = first.necessity.mean or 0.0
    if not known.is_counted:
        now, then = _told(known.before, known), _told(float(known.before) - gone, known)
        return f"{without} {known.harm} is {then} and not {now}."
    before = float(known.before)
    left, part = count(max(before - gone, 0.0)), _signed(share(gone, before), gone < 0)
    return f"{without} {left} of {count(before)} {known.harm} are left ({part})."
