"""An explanation in sentences."""

from collections.abc import Mapping, Sequence

from simcoalesce.conditions.expression import Expression
from simcoalesce.conditions.modes import Mode
from simcoalesce.explain.claims.claim_result import (
    Circumstance,
    ClaimResult,
    EvaluatedStatement,
)
from simcoalesce.explain.claims.runtime_evidence import RuntimeEvidence
from simcoalesce.explain.counterfactuals.counterfactual import Counterfactual
from simcoalesce.explain.counterfactuals.effect import SLOW_RATIO
from simcoalesce.explain.explanation import Explanation
from simcoalesce.explain.timeline.event import Event
from simcoalesce.report.blocks.causes import cause_sentence
from simcoalesce.report.blocks.number_format import (
    count,
    counted,
    duration,
    listed,
    share,
)
from simcoalesce.report.blocks.recommendation import what_to_do
from simcoalesce.report.blocks.scenario_text import clock_text
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.recorded_evidence import recorded_evidence


def headline(explanation: Explanation) -> str:
    """Return the incident in one sentence or two."""
    if explanation.no_verdict:
        return f"No verdict: {explanation.no_verdict}."
    means = {name: one.mean or 0.0 for name, one in explanation.base.items()}
    requests, hits = explanation.requests, means["origin_hits"]
    if not requests:
        return "No request arrived."
    all_requests = counted(requests, "request")
    told = f"{all_requests} made {counted(hits, 'call')} to the origin"
    if not hits:
        told = f"none of {all_requests} called the origin"
    elif hits <= requests:
        part = share(hits, requests)
        told = f"{count(hits)} of {all_requests} ({part}) called the origin"
    mean = f"Mean of {explanation.replications} runs"
    told = f"{mean}: {told}{_endings(means, requests)}."
    known = explanation.attribution
    return f"{told} {cause_sentence(known)}" if known else told


def _endings(means: Mapping[str, float], requests: float) -> str:
    """Return what the origin refused, and how many requests got another error."""
    refused, errors = means["origin_rejected"], means["errors"]
    told = f"; it refused {counted(refused, 'call')}" if refused else ""
    if errors and errors != refused:
        got = f"{counted(errors, 'request')} ({share(errors, requests)}) got an error"
        return f"{told}; {got}"
    return told or ("" if not means["origin_hits"] else "; it refused none")


def because(claim_result: ClaimResult) -> list[str]:
    """Return what a verdict rests on, by circumstance, and the note."""
    lines = [*map(_circumstance, claim_result.circumstances)]
    lines += [
        f"@{run.of} changes nothing here: {run.inapplicable}."
        for run in claim_result.runs
        if run.inapplicable
    ]
    if claim_result.runtime_evidence:
        lines.append(_runtime(claim_result.runtime_evidence))
    return [*lines, claim_result.claim.note] if claim_result.claim.note else lines


def _runtime(runtime_evidence: Sequence[RuntimeEvidence]) -> str:
    """Return what the real runtime did in runs alike, and what was predicted of it."""
    told = (
        f"{one.reference.name} {_number(one.predicted)} / {_number(one.observed)}"
        f" ({one.run})"
        for one in runtime_evidence
    )
    known = recorded_evidence()
    head = f"{known.runtime}, {known.read_on}, predicted / observed"
    return f"The real runtime ({head}): {'; '.join(dict.fromkeys(told))}."


def _circumstance(one: Circumstance) -> str:
    told = "; ".join(map(_statement, one.statements))
    return f"{one.name}: {told}" if one.name else told


def _statement(one: EvaluatedStatement) -> str:
    sign = {"holds": "✓", "fails": "✗", "undecided": "?"}[one.truth]
    statement = one.statement
    left = _side(statement.left, one.left, one.modes[0])
    right = _side(statement.right, one.right, one.modes[1])
    why = f" ({one.reason})" if one.reason else ""
    return f"{sign} {left} {statement.comparison} {right}{why}"


def _side(side: Expression, mean: float | None, modes: Sequence[Mode]) -> str:
    """Return one side as it is written, and its value unless it is a plain number."""
    if len(side.steps) == 1 and not side.references:
        return side.written
    told = [f"{_number(mode.mean)} in {counted(mode.runs, 'run')}" for mode in modes]
    mean_told = "none" if mean is None else _number(mean)
    return f"{side.written} ({', '.join(told) or mean_told})"


def _number(value: float) -> str:
    return count(value) if abs(value) >= 1 or not value else f"{value:.3g}"


def advice(explanation: Explanation) -> list[str]:
    """Return what to do, and what not, from the verdicts."""
    if explanation.no_verdict:
        return ["Nothing follows from these runs: see the first line."]
    lines = [what_to_do(explanation)]
    lines += [
        f"Note on {one.label}: p99 is over {SLOW_RATIO:.0f} times as long, but not"
        f" comparable: {one.not_comparable}."
        for one in explanation.counterfactuals
        if one.is_slow and one.not_comparable and one.verdict != "worse"
    ]
    by_word: dict[str, list[str]] = {}
    for other in explanation.counterfactuals:
        said = _tried_as(other) if other.verdict == "worse" else other.label
        by_word.setdefault(other.verdict, []).append(said)
    if "hides" in by_word:
        hiding = listed(by_word["hides"])
        lines.append(f"Hides the errors, as the origin serves more calls: {hiding}.")
    if "worse" in by_word:
        lines.append(f"Worse than no change: {'; '.join(by_word['worse'])}.")
    return lines


def _tried_as(one: Counterfactual) -> str:
    """Return the label of a remedy, with its setting if another one meets the goal."""
    is_met = one.threshold is not None and one.threshold.meets is not None
    return f"{one.label} ({one.setting})" if is_met and one.setting else one.label


def clock(explanation: Explanation, event: Event) -> str:
    """Return when something happened, as a clock shows it."""
    return clock_text(explanation.scenario, event.at_ns, digits=3)


def after_start(event: Event) -> str:
    """Return when something happened, from the start of the run."""
    return duration(event.at_ns / NS_PER_S)
