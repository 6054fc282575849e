"""The causes of an incident, as a table: what goes without each, and its share."""

from collections.abc import Iterator

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.explain.causes.attribution import Attribution, FoundCause
from simcoalesce.report.blocks.number_format import count, listed, share, spaced_units
from simcoalesce.report.blocks.report import Block

_HEADER = ("cause", "without it", "it alone", "share", "95 % interval")


def causes_block(known: Attribution) -> Block:
    """Return what causes the harm, the one to name first."""
    rows = [
        (
            f"{one.label} ({spaced_units(one.removed)})",
            _change(one.necessity, "\u2212"),
            _change(one.sufficiency, "+"),
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
    before, after = count(float(known.before)), count(float(known.after))
    return (
        f"{before} {known.harm} (mean of {known.seeds} runs); without all of these"
        f" causes {after}. Each cause is taken out of the same runs:"
    )


def _change(known: Estimate, sign: str) -> str:
    mean = known.mean or 0.0
    if abs(mean) < 0.5 * 10**-3:
        return "0"
    signs = {"+": "\u2212", "\u2212": "+"}
    return f"{sign if mean > 0 else signs[sign]}{count(abs(mean))}"


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
    left = count(max(float(known.before) - (first.necessity.mean or 0.0), 0.0))
    part = share(first.necessity.mean or 0.0, float(known.before))
    label = f"{first.label[0].upper()}{first.label[1:]}"
    return (
        f"{label}: without that ({spaced_units(first.removed)}) {left} of"
        f" {count(float(known.before))} {known.harm} are left (\u2212{part})."
    )
