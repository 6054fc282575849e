"""A comparison: what was changed, what that changes, and the verdicts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from simcoalesce.conditions.reach import Reach
from simcoalesce.metrics import METRICS
from simcoalesce.report.blocks.estimate_text import mean_text, reach_text, value_text
from simcoalesce.report.blocks.number_format import counted, listed, share, signed
from simcoalesce.report.blocks.report import Block, Report

if TYPE_CHECKING:
    from simcoalesce.conditions.estimate import Estimate
    from simcoalesce.experiment.compare import Comparison
    from simcoalesce.experiment.difference import Difference
    from simcoalesce.experiment.regression_gate import GateResult

_MOST_CHANGES: Final = 3
_HEADER: Final = (
    *("metric", "before", "after", "change"),
    *("95 % of change", "better in", "verdict"),
)


def comparison_report(comparison: "Comparison") -> Report:
    """Return what the scenarios say differently, and what that does to the metrics."""
    before, after = comparison.base.label, comparison.other.label
    if before == after:
        before = comparison.base.source or before
        after = comparison.other.source or after
    noun = "paired seed" if comparison.is_paired else "seed"
    table = Block(
        lines=_changes(comparison),
        header=_HEADER,
        rows=[_row(one, comparison) for one in comparison.differences],
        numbers=range(1, len(_HEADER) - 1),
        notes=(_method(comparison), *_equal(comparison)),
    )
    return Report(
        title=f"{before} → {after}",
        subtitle=counted(comparison.replications, noun),
        headline=_sentence(comparison),
        blocks=(table,),
    )


def _sentence(comparison: "Comparison") -> str:
    """Return what is better, what is worse, and what the seeds do not decide."""
    found = [one for one in comparison.differences if one.change.mean is not None]
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
    told = "; ".join(
        f"{word}: {listed(names)}" for word, names in parts.items() if names
    )
    return f"{told[:1].upper()}{told[1:]}." if told else "Nothing that matters changes."


def _changes(comparison: "Comparison") -> list[str]:
    found = [f"{c.where}: {c.before} → {c.after}" for c in comparison.changes]
    if not found:
        return ["settings: identical"]
    if len(found) <= _MOST_CHANGES:
        return found
    rest = counted(len(found) - _MOST_CHANGES + 1, "more change")
    return [*found[: _MOST_CHANGES - 1], f"{rest} (--json lists them)"]


def _row(difference: "Difference", comparison: "Comparison") -> tuple[str, ...]:
    unit, change = METRICS[difference.metric].unit, difference.change
    tally = "-"
    if comparison.is_paired and change.n:
        tally = f"{difference.better_in}/{change.n}"
    return (
        difference.metric,
        mean_text(difference.base, unit),
        mean_text(difference.other, unit),
        "-" if change.mean is None else _signed(change.mean, unit),
        _interval(change, unit),
        tally,
        _verdict(difference),
    )


def _interval(change: "Estimate", unit: str) -> str:
    if change.low is None or change.high is None:
        return "-"
    return f"[{_signed(change.low, unit)}, {_signed(change.high, unit)}]"


def _signed(value: float, unit: str) -> str:
    text = value_text(abs(value), unit)
    return signed(value, text.replace("%", "pp") if unit == "ratio" else text)


def _verdict(difference: "Difference") -> str:
    if difference.change.mean is None:
        return "none before" if difference.other.n else "gone"
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
        words = "the seeds do not decide it"
    needed = evaluation.replications_to_decide
    would = f"about {needed:,} would decide" if needed else ""
    told = "; ".join(filter(None, (words, reach, would)))
    return f"fail-if {gate.gate}: {told} ({gate.comparison.other.label})"


def _equal(comparison: "Comparison") -> Iterator[str]:
    """Yield how far a change reaches that was the same in all pairs."""
    same = [one.metric for one in comparison.differences if one.change.is_same]
    if same and comparison.is_paired:
        pairs, bound = comparison.replications, Reach(0, comparison.replications).bound
        yield f"Same in all {pairs:,} pairs, another in {bound}: {listed(same)}."


def _method(comparison: "Comparison") -> str:
    how = (
        "Student-t intervals of the differences seed by seed"
        if comparison.is_paired
        else "The traffic differs, so the runs are no pairs: Welch-t intervals"
    )
    margin = share(comparison.margin_ratio, 1)
    tests = counted(len(comparison.differences), "metric")
    return (
        f"{how}; same: within ±{margin} of before; p-values Holm-adjusted over {tests}."
    )
