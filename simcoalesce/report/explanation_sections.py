"""An explanation in sections: what every form of it shows, in one order."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.explain.attribution import Attribution
from simcoalesce.explain.explanation import Explanation
from simcoalesce.explain.reading import Consistency
from simcoalesce.report.explanation_changes import changes_section, shipped_section
from simcoalesce.report.explanation_story import event_text
from simcoalesce.report.explanation_words import (
    advice,
    because,
    clock,
    law_lines,
    since,
    tipping_text,
)
from simcoalesce.report.path_words import outside
from simcoalesce.report.section import Section
from simcoalesce.report.wording import count, counted, listed, share

LAW: Final = "How many call: one rule"
CAUSES: Final = "What made the calls"
"""Titles of the sections that a page draws as well."""

_FEW: Final = 2
"""Where fewer calls than these are predicted at every rate, none is shown."""

_NO_CURE: Final = "no single other report is at odds with it"

_BENDS: Final = (
    "Bends: doublings of what was reported, and one for each report that is wrong;"
    " a quarter of that for what nobody reported."
)


def sections(explanation: Explanation) -> list[Section]:
    """Return the sections of an explanation, without those that have no content."""
    return list(_sections(explanation))


def _sections(explanation: Explanation) -> Iterator[Section]:
    yield _story(explanation)
    if explanation.law is not None:
        yield _law(explanation)
    yield changes_section(explanation)
    if explanation.shipped is not None:
        yield shipped_section(explanation, explanation.shipped)
    if explanation.attribution is not None:
        yield _attribution(explanation.attribution)
    if explanation.tipping_points:
        yield _tipping(explanation)
    if explanation.consistency is not None:
        yield _consistency(explanation.consistency)
    if explanation.judgements:
        yield _claims(explanation)
    yield Section("What to do", lines=advice(explanation))
    yield Section("Outside the model", lines=(outside(explanation.scenario),))


def _story(explanation: Explanation) -> Section:
    scenario, outcomes = explanation.scenario, explanation.outcomes
    is_one_place = len(outcomes.keys) == len(outcomes.locations) == 1
    has_door = explanation.law is not None and is_one_place
    rows = [
        (
            clock(explanation, event),
            since(event),
            event_text(event, scenario, outcomes, has_door=has_door),
        )
        for event in explanation.story
    ]
    return Section(
        f"What happened (seed {explanation.seed})",
        header=("clock", "since", ""),
        rows=rows,
        numbers=(0, 1),
    )


def _law(explanation: Explanation) -> Section:
    law = explanation.law
    assert law is not None, "the caller has looked"  # noqa: S101 - for the type
    rows = [
        (f"{count(point.rate_per_s)}/s", count(point.predicted), count(point.simulated))
        for point in law.range
        if law.range[-1].predicted >= _FEW
    ]
    highest = law.holds_up_to_per_s
    notes = []
    if rows and highest is not None:
        notes.append(
            f"It holds within 10 % up to {count(highest)}/s, of the rates tried."
        )
    return Section(
        LAW,
        lines=[*_whose(explanation), *law_lines(law)],
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


def _attribution(known: Attribution) -> Section:
    total = known.before - known.after
    rows = [
        (
            one.label,
            count(float(one.shapley)),
            share(float(one.shapley), float(total)) if total else "-",
            count(float(one.alone)),
            count(float(one.missing)),
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
    return Section(
        CAUSES,
        lines=(told,),
        header=("change", "takes away", "share", "alone", "back without it"),
        rows=[*rows, sum_row],
        numbers=(1, 2, 3, 4),
        notes=(f"Shapley values over all {subsets}; they sum exactly.",),
    )


def _tipping(explanation: Explanation) -> Section:
    rows = [(point.label, tipping_text(point)) for point in explanation.tipping_points]
    return Section("How far each would have to go", header=("change", ""), rows=rows)


def _consistency(known: Consistency) -> Section:
    """Return what of the report cannot be true at once, and what would make it fit."""
    if not known.misses:
        return Section("Can the report be true", lines=("All of it can.",))
    lines = ["Taken as it stands, it is not:"]
    for one in known.contradictions:
        without = listed([f"“{other}”" for other in one.against])
        cure = f"it would be true without {without}" if without else _NO_CURE
        lines.append(f"✗ “{one.text}”; {cure}.")
    rows = [
        (
            str(number),
            f"{reading.cost:.1f}",
            "; ".join(reading.bends) or "nothing changed",
            listed([f"“{miss}”" for miss in reading.misses]) or "nothing",
        )
        for number, reading in enumerate(known.readings, 1)
    ]
    return Section(
        "Can the report be true",
        lines=lines,
        header=("", "bends", _fit(known), "still untrue"),
        rows=rows,
        numbers=(0, 1),
        notes=(_BENDS,),
    )


def _fit(known: Consistency) -> str:
    """Return what readings are: some fit, or they are the nearest that there are."""
    fits = any(not reading.misses for reading in known.readings)
    return "all fits, if" if fits else "nothing fits; nearest, if"


def _claims(explanation: Explanation) -> Section:
    rows: list[tuple[str, str, str]] = []
    for number, one in enumerate(explanation.judgements, 1):
        rows.append((str(number), one.word, f"“{one.claim.text}”"))
        rows += [("", "", line) for line in because(one)]
    return Section(
        "Claims of the post-mortem", header=("", "", ""), rows=rows, numbers=(0,)
    )
