"""What changes do, as tables: each on its own, and what shipped."""

from collections.abc import Iterator, Sequence
from typing import Final

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.reach import Reach
from simcoalesce.explain.counterfactuals.change_set import (
    Ablation,
    AblationVerdict,
    ChangeSet,
)
from simcoalesce.explain.counterfactuals.counterfactual import Counterfactual
from simcoalesce.explain.counterfactuals.verdict import VerdictWord
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.estimate_text import value_text, within
from simcoalesce.report.blocks.not_comparable import what_is_not_comparable
from simcoalesce.report.blocks.number_format import count, listed, share
from simcoalesce.report.blocks.report import Block, Tone, Toned

_PAIRS: Final = (
    "Each run has the same requests and random streams (common random numbers), and one"
    " change."
)
_CLIENTS: Final = (
    "Each run has the same clients, with the same think times and keys (a closed loop:"
    " when they send depends on the answers), and one change."
)
_AGAINST: Final = (
    "The first row is compared with the incident, each other row with the first row."
)
_MARK: Final = "*"
_MONTH: Final = "a month"
_NOTHING: Final = "no effect"
_HEADER: Final = (
    "change",
    "origin calls",
    "change in calls",
    "429",
    "errors",
    "p50",
    "p99",
    _MONTH,
    "verdict",
)
_LOUD: Final = frozenset(("fixes", "worse", "needed"))
_TONES: Final[dict[VerdictWord | AblationVerdict, Tone]] = {
    **dict.fromkeys(("fixes", "needed"), "good"),
    **dict.fromkeys(("worse", "does harm"), "bad"),
    **dict.fromkeys(("hides", "helps"), "warn"),
}


def _pairs(explanation: Explanation) -> str:
    """Return what all runs have in common."""
    return _CLIENTS if explanation.scenario.traffic.is_closed else _PAIRS


def counterfactuals_block(explanation: Explanation) -> Block:
    """Return what each change does on its own."""
    rows = [
        _row(f"{one.label} ({one.changed})", one)
        for one in explanation.counterfactuals
        if one.verdict != _NOTHING
    ]
    goal = listed([str(expected) for expected in explanation.goal.expectations])
    return _table(
        explanation,
        "What each change does on its own",
        line=f"{_pairs(explanation)} Goal: {goal}.",
        rows=[_happened(explanation), *rows],
        notes=(
            _intervals(explanation),
            *_apart(explanation.counterfactuals),
            *_reach(explanation.replications),
            *_without_effect(explanation.counterfactuals),
            *_not_tried(explanation),
        ),
        pictures=("counterfactual_bars", "small_multiples"),
    )


def _intervals(explanation: Explanation) -> str:
    """Return over how many runs the intervals are."""
    told = f"± is half of the 95 % interval over {explanation.replications} runs"
    few = {one.replications for one in explanation.counterfactuals}
    few -= {explanation.replications}
    if few:
        told += f"; over {min(few)} where these show that a change misses the goal"
    return f"{told}."


def _apart(found: Sequence[Counterfactual | Ablation]) -> Iterator[str]:
    """Yield what p50 and p99 are of, and that some rows do not compare by them."""
    yield "p50 and p99: latencies of answered requests."
    if any(one.not_comparable for one in found):
        yield f"{_MARK} not comparable: {what_is_not_comparable()}."


def _reach(replications: int) -> Iterator[str]:
    """Yield how far a verdict reaches that rests on equal numbers."""
    if replications > 1:
        bound = Reach(0, replications).bound
        yield f"No ±: the same in all {replications:,} runs, so another in {bound}."


def _without_effect(found: Sequence[Counterfactual]) -> Iterator[str]:
    """Yield what changes neither calls nor errors, in place of a row for each."""
    labels = [one.label for one in found if one.verdict == _NOTHING]
    if labels:
        yield f"No effect: {'; '.join(labels)}."


def _not_tried(explanation: Explanation) -> Iterator[str]:
    """Yield what was not tried, by its reason, without remedies for other paths."""
    by_reason: dict[str, list[str]] = {}
    for one in explanation.skipped:
        if not one.is_foreign:
            by_reason.setdefault(one.reason, []).append(one.label)
    for reason, labels in by_reason.items():
        yield f"Not tried: {'; '.join(labels)} ({reason})."


def change_set_block(explanation: Explanation, known: ChangeSet) -> Block:
    """Return what shipped, and the same without each part of it."""
    rows = [_row(f"without {one.label}", one) for one in known.ablation]
    whole = _row("all that shipped", known.whole)
    return _table(
        explanation,
        "What shipped, and without each part of it (ablation)",
        line=f"Shipped: {known.whole.label}.",
        rows=[whole, *rows],
        notes=(_AGAINST, *_apart([known.whole, *known.ablation])),
    )


def _table(
    explanation: Explanation,
    title: str,
    *,
    line: str,
    rows: Sequence[Sequence[str]],
    notes: Sequence[str],
    pictures: Sequence[str] = (),
) -> Block:
    """Return a table of changes, without a month's cost if there is no month."""
    has_month = explanation.base["cost_month_usd"].mean is not None
    shown = [place for place, name in enumerate(_HEADER) if has_month or name != _MONTH]
    return Block(
        title,
        lines=(line,),
        header=tuple(_HEADER[place] for place in shown),
        rows=[[row[place] for place in shown] for row in rows],
        numbers=range(1, len(shown) - 1),
        notes=notes,
        pictures=pictures,
    )


def _happened(explanation: Explanation) -> list[str]:
    base = explanation.base
    calls = within(base["origin_hits"])
    return ["as it happened", calls, "", *_cells(base, explanation.requests), ""]


def _row(name: str, one: Counterfactual | Ablation) -> list[str]:
    verdict, mark = one.verdict, _MARK if one.not_comparable else ""
    return [
        name,
        _mean(one.metrics["origin_hits"]),
        _change(one.paired["origin_hits"]),
        *_cells(one.metrics, one.requests, mark),
        Toned(verdict.upper() if verdict in _LOUD else verdict, _TONES.get(verdict)),
    ]


def _cells(
    estimates: dict[str, Estimate], requests: float, mark: str = ""
) -> list[str]:
    errors = estimates["errors"].mean or 0.0
    with_share = f"{count(errors)} · {share(errors, requests)}" if errors else "0"
    return [
        _mean(estimates["origin_rejected"]),
        with_share,
        f"{_mean(estimates['latency_p50_s'])}{mark}",
        f"{_mean(estimates['latency_p99_s'])}{mark}",
        _mean(estimates["cost_month_usd"]),
    ]


def _mean(known: Estimate) -> str:
    return "-" if known.mean is None else value_text(known.mean, known.unit)


def _change(known: Estimate) -> str:
    if known.mean is None:
        return "-"
    sign = "+" if known.mean > 0 else "\u2212" if known.mean < 0 else "±"
    half = known.half_width
    spread = f" ± {count(half)}" if half else ""
    return f"{sign}{count(abs(known.mean))}{spread}"
