"""An explanation in sections: what every form of it shows, in one order."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.explain.calibration.hypothesis import Consistency
from simcoalesce.explain.counterfactuals.attribution import Attribution
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.block import Block
from simcoalesce.report.blocks.counterfactuals import (
    change_set_block,
    counterfactuals_block,
)
from simcoalesce.report.blocks.explanation_sentences import (
    advice,
    because,
    clock,
    closed_form_lines,
    since,
    threshold_text,
)
from simcoalesce.report.blocks.number_format import count, counted, listed, share
from simcoalesce.report.blocks.path_sentences import outside
from simcoalesce.report.blocks.timeline import event_text

CLOSED_FORM: Final = "How many call: one rule"
CAUSES: Final = "What made the calls"
"""Titles of the sections that a page draws as well."""

_FEW: Final = 2
"""Where fewer calls than these are predicted at every rate, none is shown."""

_NO_CURE: Final = "no single other report is at odds with it"

_DEVIATION: Final = (
    "Bends: doublings of what was reported, and one for each report that is wrong;"
    " a quarter of that for what nobody reported."
)


def explanation_blocks(explanation: Explanation) -> list[Block]:
    """Return the sections of an explanation, without those that have no content."""
    return list(_sections(explanation))


def _sections(explanation: Explanation) -> Iterator[Block]:
    yield _story(explanation)
    if explanation.closed_form is not None:
        yield _closed_form(explanation)
    yield counterfactuals_block(explanation)
    if explanation.shipped is not None:
        yield change_set_block(explanation, explanation.shipped)
    if explanation.attribution is not None:
        yield _attribution(explanation.attribution)
    if explanation.thresholds:
        yield _tipping(explanation)
    if explanation.consistency is not None:
        yield _consistency(explanation.consistency)
    if explanation.claim_results:
        yield _claims(explanation)
    yield Block("What to do", lines=advice(explanation))
    yield Block("Outside the model", lines=(outside(explanation.scenario),))


def _story(explanation: Explanation) -> Block:
    scenario, outcomes = explanation.scenario, explanation.outcomes
    is_one_place = len(outcomes.keys) == len(outcomes.locations) == 1
    has_miss_window = explanation.closed_form is not None and is_one_place
    rows = [
        (
            clock(explanation, event),
            since(event),
            event_text(event, scenario, outcomes, has_miss_window=has_miss_window),
        )
        for event in explanation.timeline
    ]
    return Block(
        f"What happened (seed {explanation.seed})",
        header=("clock", "since", ""),
        rows=rows,
        numbers=(0, 1),
    )


def _closed_form(explanation: Explanation) -> Block:
    closed_form = explanation.closed_form
    assert closed_form is not None, "the caller has looked"  # noqa: S101 - for the type
    rows = [
        (f"{count(point.rate_per_s)}/s", count(point.predicted), count(point.simulated))
        for point in closed_form.range
        if closed_form.range[-1].predicted >= _FEW
    ]
    highest = closed_form.holds_up_to_per_s
    notes = []
    if rows and highest is not None:
        notes.append(
            f"It holds within 10 % up to {count(highest)}/s, of the rates tried."
        )
    return Block(
        CLOSED_FORM,
        lines=[*_whose(explanation), *closed_form_lines(closed_form)],
        header=("arrival rate", "predicted", "simulated") if rows else (),
        rows=rows,
        numbers=(0, 1, 2),
        notes=notes,
    )


def _whose(explanation: Explanation) -> Iterator[str]:
    outcomes = explanation.outcomes
    where = " at its busiest location" if len(outcomes.locations) > 1 else ""
    if len(outcomes.keys) > 1:
        yield f"Of the key that is asked for most{where}, its first stampede:"


def _attribution(known: Attribution) -> Block:
    total = known.before - known.after
    rows = [
        (
            one.label,
            count(float(one.shapley)),
            share(float(one.shapley), float(total)) if total else "-",
            count(float(one.alone)),
            count(float(one.ablation)),
        )
        for one in known.shares
    ]
    sum_row = ("all together", count(float(total)), "100 %" if total else "-", "", "")
    before, after = counted(float(known.before), "call"), count(float(known.after))
    told = (
        f"Over the first {known.seeds} seeds {before} become {after} when all of these"
        " change. The part of each:"
    )
    subsets = f"{2 ** len(known.shares)} subsets"
    return Block(
        CAUSES,
        lines=(told,),
        header=("change", "takes away", "share", "alone", "back without it"),
        rows=[*rows, sum_row],
        numbers=(1, 2, 3, 4),
        notes=(f"Shapley values over all {subsets}; they sum exactly.",),
    )


def _tipping(explanation: Explanation) -> Block:
    rows = [(point.label, threshold_text(point)) for point in explanation.thresholds]
    return Block("How far each would have to go", header=("change", ""), rows=rows)


def _consistency(known: Consistency) -> Block:
    """Return what of the report cannot be true at once, and what would make it fit."""
    if not known.unexplained:
        return Block("Can the report be true", lines=("All of it can.",))
    lines = ["Taken as it stands, it is not:"]
    for one in known.contradictions:
        without = listed([f"“{other}”" for other in one.against])
        cure = f"it would be true without {without}" if without else _NO_CURE
        lines.append(f"✗ “{one.text}”; {cure}.")
    rows = [
        (
            str(number),
            f"{hypothesis.deviation:.1f}",
            "; ".join(one.text for one in hypothesis.adjustments) or "nothing changed",
            listed([f"“{one}”" for one in hypothesis.unexplained]) or "nothing",
        )
        for number, hypothesis in enumerate(known.hypotheses, 1)
    ]
    return Block(
        "Can the report be true",
        lines=lines,
        header=("", "bends", _fit(known), "still untrue"),
        rows=rows,
        numbers=(0, 1),
        notes=(_DEVIATION,),
    )


def _fit(known: Consistency) -> str:
    """Return what readings are: some fit, or they are the nearest that there are."""
    fits = any(not hypothesis.unexplained for hypothesis in known.hypotheses)
    return "all fits, if" if fits else "nothing fits; nearest, if"


def _claims(explanation: Explanation) -> Block:
    rows: list[tuple[str, str, str]] = []
    for number, one in enumerate(explanation.claim_results, 1):
        rows.append((str(number), one.word, f"“{one.claim.text}”"))
        rows += [("", "", line) for line in because(one)]
    return Block(
        "Claims of the post-mortem", header=("", "", ""), rows=rows, numbers=(0,)
    )
