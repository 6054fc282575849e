"""An explanation in sections: what every form of it shows, in one order."""

from collections.abc import Iterator, Sequence
from typing import Final

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.explain.attribution import Attribution
from simcoalesce.explain.bundle import Bundle, Missing
from simcoalesce.explain.counterfactual import Counterfactual
from simcoalesce.explain.explanation import Explanation
from simcoalesce.explain.reading import Consistency
from simcoalesce.report.estimate_text import value_text
from simcoalesce.report.explanation_story import event_text
from simcoalesce.report.explanation_words import (
    advice,
    because,
    clock,
    law_lines,
    since,
    tipping_text,
    within,
)
from simcoalesce.report.path_words import outside
from simcoalesce.report.section import Section
from simcoalesce.report.wording import count, counted, listed, share

LAW: Final = "How many call: one rule"
CHANGES: Final = "What each change alone would have done"
CAUSES: Final = "What made the calls"
"""Titles of the sections that a page draws as well."""

_MONTH: Final = "a month"
_HEADER: Final = (
    "change",
    "origin calls",
    "paired",
    "429",
    "errors",
    "p50",
    "p99",
    _MONTH,
    "verdict",
)
_LOUD: Final = frozenset(("fixes", "worse", "needed"))

_FEW: Final = 2
"""Where fewer calls than these are predicted at every rate, none is shown."""

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
    yield _counterfactuals(explanation)
    if explanation.shipped is not None:
        yield _shipped(explanation, explanation.shipped)
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
    has_door = explanation.law is not None
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
        lines=law_lines(law),
        header=("arrival rate", "predicted", "simulated") if rows else (),
        rows=rows,
        numbers=(0, 1, 2),
        notes=notes,
    )


def _counterfactuals(explanation: Explanation) -> Section:
    rows = [
        _row(explanation, f"{one.label} ({one.changed})", one, one.verdict)
        for one in explanation.counterfactuals
    ]
    goal = listed([str(expected) for expected in explanation.goal.expectations])
    return _table(
        explanation,
        CHANGES,
        line=f"The same visitors, the same luck, one change. The goal: {goal}.",
        rows=[_happened(explanation), *rows],
        notes=(
            f"± is half a 95 % interval over {explanation.replications} seeds.",
            "p50 and p99 are of answered requests.",
            *_not_tried(explanation),
        ),
    )


def _not_tried(explanation: Explanation) -> Iterator[str]:
    """Yield what was not tried, reason by reason; nothing of other paths."""
    by_reason: dict[str, list[str]] = {}
    for one in explanation.skipped:
        if not one.is_foreign:
            by_reason.setdefault(one.reason, []).append(one.label)
    for reason, labels in by_reason.items():
        yield f"Not tried: {'; '.join(labels)} ({reason})."


def _shipped(explanation: Explanation, known: Bundle) -> Section:
    rows = [
        _row(explanation, f"without {one.label}", one, one.verdict)
        for one in known.missing
    ]
    whole = _row(explanation, "all that shipped", known.whole, known.whole.verdict)
    return _table(
        explanation,
        "What shipped, and without each part of it",
        line=f"Shipped: {known.whole.label}.",
        rows=[whole, *rows],
        notes=(
            "Paired: with what happened; the lines below it with all that shipped.",
        ),
    )


def _table(
    explanation: Explanation,
    title: str,
    *,
    line: str,
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
) -> Section:
    """Return a table of changes, without a month's cost if there is no month."""
    has_month = explanation.base["cost_month_usd"].mean is not None
    shown = [place for place, name in enumerate(_HEADER) if has_month or name != _MONTH]
    return Section(
        title,
        lines=(line,),
        header=tuple(_HEADER[place] for place in shown),
        rows=[[row[place] for place in shown] for row in rows],
        numbers=range(1, len(shown) - 1),
        notes=notes,
    )


def _happened(explanation: Explanation) -> list[str]:
    base = explanation.base
    calls = within(base["origin_hits"])
    return ["as it happened", calls, "", *_cells(base, explanation.requests), ""]


def _row(
    explanation: Explanation, name: str, one: Counterfactual | Missing, verdict: str
) -> list[str]:
    return [
        name,
        _mean(one.estimates["origin_hits"]),
        _change(one.changes["origin_hits"]),
        *_cells(one.estimates, explanation.requests),
        verdict.upper() if verdict in _LOUD else verdict,
    ]


def _cells(estimates: dict[str, Estimate], requests: float) -> list[str]:
    errors = estimates["errors"].mean or 0.0
    with_share = f"{count(errors)} · {share(errors, requests)}" if errors else "0"
    return [
        _mean(estimates["origin_rejected"]),
        with_share,
        _mean(estimates["latency_p50_s"]),
        _mean(estimates["latency_p99_s"]),
        _mean(estimates["cost_month_usd"]),
    ]


def _mean(known: Estimate) -> str:
    return "-" if known.mean is None else value_text(known.mean, known.unit)


def _change(known: Estimate) -> str:
    if known.mean is None:
        return "-"
    sign = "+" if known.mean > 0 else "\u2212" if known.mean < 0 else "±"
    half = 0.0 if known.low is None else known.mean - known.low
    spread = f" ± {count(half)}" if half else ""
    return f"{sign}{count(abs(known.mean))}{spread}"


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
        cure = f"it would be true without {without}" if without else "nothing saves it"
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
        header=("", "bends", "all fits, if", "still untrue"),
        rows=rows,
        numbers=(0, 1),
        notes=(_BENDS,),
    )


def _claims(explanation: Explanation) -> Section:
    rows: list[tuple[str, str, str]] = []
    for number, one in enumerate(explanation.judgements, 1):
        rows.append((str(number), one.word, f"“{one.claim.text}”"))
        rows += [("", "", line) for line in because(one)]
    return Section(
        "Claims of the post-mortem", header=("", "", ""), rows=rows, numbers=(0,)
    )
