"""A comparison: what was changed, what that changes, and the verdicts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from simcoalesce.experiment.answered import over_all_requests
from simcoalesce.metrics import metric_of
from simcoalesce.report.blocks.comparison_notes import comparison_notes
from simcoalesce.report.blocks.estimate_text import (
    mean_text,
    modes_text,
    reach_text,
    value_text,
)
from simcoalesce.report.blocks.number_format import counted, listed, share, signed
from simcoalesce.report.blocks.report import Block, Report

if TYPE_CHECKING:
    from simcoalesce.conditions.estimate import Estimate
    from simcoalesce.experiment.compare import Comparison
    from simcoalesce.experiment.difference import Difference
    from simcoalesce.experiment.regression_gate import GateResult

_MOST_CHANGES: Final = 3
_PICTURES: Final = ("comparison_changes", "compared_tails")
_HEADER: Final = (
    *("metric", "before", "after", "change"),
    *("95 % of change", "better in", "verdict"),
)


def comparison_report(comparison: "Comparison") -> Report:
    """Return what the scenarios say differently, and what that does to the metrics."""
    before, after = named(comparison)
    noun = "paired seed" if comparison.is_paired else "seed"
    table = Block(
        lines=_changes(comparison),
        header=_HEADER,
        rows=[_row(one) for one in comparison.differences],
        numbers=range(1, len(_HEADER) - 1),
        notes=tuple(comparison_notes(comparison)),
        pictures=_PICTURES,
    )
    return Report(
        title=f"{before} → {after}",
        subtitle=counted(comparison.replications, noun),
        headline=_sentence(comparison),
        blocks=(table,),
        subjects=(comparison,),
    )


def named(comparison: "Comparison") -> tuple[str, str]:
    """Return what the base and the other are called: by their files if alike."""
    before, after = comparison.base.label, comparison.other.label
    if before == after:
        before = comparison.base.source or before
        after = comparison.other.source or after
    return before, after


def comparisons_report(comparisons: Sequence["Comparison"]) -> Report:
    """Return one report of all comparisons with a base."""
    reports = [comparison_report(one) for one in comparisons]
    if len(reports) == 1:
        return reports[0]
    tables = [
        replace(block, title=report.title, lines=(report.headline, *block.lines))
        for report in reports
        for block in report.blocks
    ]
    # A block draws every subject of its report.
    tables = [replace(one, pictures=()) for one in tables]
    drawn = Block("What changes, as pictures", pictures=_PICTURES)
    return Report(
        title=f"{comparisons[0].base.label} → {counted(len(reports), 'other')}",
        subtitle=reports[0].subtitle,
        headline=f"Each is compared with {comparisons[0].base.label}.",
        blocks=(*tables, drawn),
        subjects=comparisons,
    )


def _sentence(comparison: "Comparison") -> str:
    """Return what is better, what is worse, and what the seeds do not decide."""
    if comparison.no_verdict:
        return f"No verdict: {comparison.no_verdict}."
    found = [one for one in comparison.differences if _has_change(one)]
    seeds = counted(comparison.replications, "seed")
    parts = {
        "better": [_with_share(one) for one in found if one.verdict == "better"],
        "worse": [_with_share(one) for one in found if one.verdict == "worse"],
        f"undecided with {seeds}": [
            f"{one.metric}{_needed(one, comparison)}"
            for one in found
            if one.verdict == "undecided"
        ],
    }
    told = [f"{word}: {listed(names)}" for word, names in parts.items() if names]
    text = "; ".join(told)
    # The name of a metric keeps its small letter.
    text = "; ".join(
        filter(None, (text[:1].upper() + text[1:], *_not_comparable(comparison)))
    )
    return f"{text}." if text else "Nothing that matters changes."


def _not_comparable(comparison: "Comparison") -> Iterator[str]:
    """Yield which latencies are not comparable and why, with those of all requests."""
    by_reason: dict[str, list[str]] = {}
    for one in comparison.differences:
        if one.reason and one.change.n:
            by_reason.setdefault(one.reason, []).append(one.metric)
    for reason, names in by_reason.items():
        beside = {*map(over_all_requests, names)}
        over_all = [
            f"{one.metric} {mean_text(one.base, 's')} → {mean_text(one.other, 's')}"
            for one in comparison.differences
            if one.metric in beside
        ]
        told = f" (over all requests: {', '.join(over_all)})" if over_all else ""
        yield f"{listed(names)} not comparable: {reason}{told}"


def _changes(comparison: "Comparison") -> list[str]:
    found = [f"{c.where}: {c.before} → {c.after}" for c in comparison.changes]
    if not found:
        return ["settings: identical"]
    if len(found) <= _MOST_CHANGES:
        return found
    rest = counted(len(found) - _MOST_CHANGES + 1, "more change")
    return [*found[: _MOST_CHANGES - 1], f"{rest} (--json lists them)"]


def _row(difference: "Difference") -> tuple[str, ...]:
    unit, change = metric_of(difference.metric).unit, difference.change
    tally, is_apart = "-", difference.verdict == "not comparable"
    # Nothing changes by the mean of times that are now early, now late.
    has_no_mean = is_apart or bool(difference.base.modes or difference.other.modes)
    if difference.better_in is not None and change.n:
        tally = f"{difference.better_in}/{change.n}"
    return (
        difference.metric,
        mean_or_never(difference.base, difference.metric),
        mean_or_never(difference.other, difference.metric),
        "-" if change.mean is None or has_no_mean else _signed(change.mean, unit),
        "-" if has_no_mean else _interval(change, unit),
        tally,
        verdict_text(difference),
    )


def _has_change(difference: "Difference") -> bool:
    """Say whether both have the number; an instant may come in one of them only."""
    return difference.change.mean is not None or difference.change.low is not None


def mean_or_never(known: "Estimate", metric: str) -> str:
    """Return a mean; an instant that no run has never comes."""
    if known.mean is None and metric_of(metric).is_instant:
        return "never"
    in_runs = modes_text(known, lambda value: value_text(value, known.unit))
    return in_runs or mean_text(known, known.unit)


def _interval(change: "Estimate", unit: str) -> str:
    if change.low is None or change.high is None or change.ci95 is None:
        return "-"
    return f"[{_signed(change.low, unit)}, {_signed(change.high, unit)}]"


def _signed(value: float, unit: str) -> str:
    text = value_text(abs(value), unit)
    return signed(value, text.replace("%", "pp") if unit == "ratio" else text)


def verdict_text(difference: "Difference") -> str:
    """Return a verdict, with its reason if it has one."""
    if not _has_change(difference):
        return "none before" if difference.other.n else "gone"
    if difference.reason:
        return f"{difference.verdict}: {difference.reason}"
    return difference.verdict


def _needed(difference: "Difference", comparison: "Comparison") -> str:
    """Return how many seeds would decide, if more would."""
    needed = difference.replications_to_decide
    if needed is None or needed <= comparison.replications:
        return ""
    return f" (about {needed:,} would decide)"


def _with_share(difference: "Difference") -> str:
    base, change = difference.base.mean, difference.change.mean
    if not base or change is None or difference.base.unit == "ratio":
        return difference.metric
    return f"{difference.metric} ({signed(change, share(abs(change), abs(base)))})"


def gate_text(gate: "GateResult") -> str:
    """Return what became of a gate; empty if it passes, and that needs no words."""
    evaluation, words = gate.evaluation, "it does not hold"
    reach = reach_text(evaluation, passing="fails")
    if evaluation.truth == "fails" and not reach:
        return ""
    if evaluation.truth == "holds":
        words = "it holds"
    elif evaluation.truth == "undecided":
        reason = evaluation.reason or ""
        is_apart = reason.startswith("not comparable")
        words = reason if is_apart else "the seeds do not decide it"
        words = words if evaluation.has_verdict else f"no verdict: {reason}"
    needed = evaluation.replications_to_decide
    would = f"about {needed:,} would decide" if needed else ""
    told = "; ".join(filter(None, (words, reach, would)))
    return f"fail-if {gate.gate}: {told} ({gate.comparison.other.label})"
