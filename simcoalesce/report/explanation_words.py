"""An explanation in sentences."""

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from simcoalesce.experiment.estimate import Estimate
from simcoalesce.explain.explanation import Explanation
from simcoalesce.explain.judgement import Case, Comparison, Judgement
from simcoalesce.explain.law import Law, Reason
from simcoalesce.explain.story import Event
from simcoalesce.explain.tipping import TippingPoint
from simcoalesce.explain.witness import Witness
from simcoalesce.report.setting import clock_text
from simcoalesce.report.wording import count, counted, duration, listed, share
from simcoalesce.scenario.condition import Side
from simcoalesce.units import NS_PER_S
from simcoalesce.validation.evidence import evidence

_REASONS: Final[Mapping[Reason, str]] = {
    "shared": "misses share fetches, so not every miss is a call",
    "refused": "the origin refuses some of these calls, so fewer of them are written",
    "fastest": "of many answers the fastest comes early, and it closes the door",
    "front_loaded": "arrivals are denser at the start than the mean rate says",
    "negative_caching": "a location goes on reading the absence that it has read",
    "saturated": "the burst is over before the door closes: everybody misses",
}

_LAW: Final = "1 + arrival rate \u00d7 open door"

_EVENTS: Final[Mapping[str, Callable[[Event], str]]] = {
    "arrivals_begin": lambda one: (
        f"The first of {counted(one.number, 'request')}. The key is not in the cache."
    ),
    "first_call": lambda _: (
        "The first miss asks the origin. Nothing tells the others that it has asked."
    ),
    "first_answer": lambda one: (
        "The origin's first answer; its write to KV starts."
        f" By now {counted(one.number, 'call')} had been made."
    ),
    "readable": lambda one: (
        "The first cache hit: the value can be read, the door closes."
        f" {counted(one.number, 'request')} had missed."
    ),
    "stampede": lambda one: (
        f"The next stampede: {counted(one.number, 'miss')}"
        + (
            f", of which the origin refuses {count(one.refused)}."
            if one.refused
            else "."
        )
    ),
    "first_429": lambda one: (
        f"The first 429: the limit is used up after {count(one.number)} accepted calls."
        f" {count(one.refused)} are refused in all."
    ),
    "recovery": lambda one: (
        "The first answer after the last refusal;"
        f" {count(one.number)} come until the end."
    ),
    "no_recovery": lambda _: (
        "The last 429 of the run. Nobody who came later got an answer."
    ),
    "writes_refused": lambda one: (
        f"KV has refused {counted(one.number, 'write')} of a key that was just written."
    ),
    "last_arrival": lambda one: (
        f"The last arrival. {counted(one.number, 'origin call')} in all,"
        f" {count(one.refused)} refused."
    ),
}


def event_text(event: Event) -> str:
    """Return what happened, as a sentence."""
    return _EVENTS[event.kind](event)


def headline(explanation: Explanation) -> str:
    """Return the incident in one sentence."""
    means = {name: one.mean or 0.0 for name, one in explanation.base.items()}
    requests, refused = explanation.requests, means["origin_rejected"]
    if not requests:
        return "No request arrived."
    asked = f"{count(means['origin_hits'])} of {counted(requests, 'request')}"
    told = f"{asked} ({share(means['origin_hits'], requests)}) asked the origin"
    if means["origin_hits"] > requests:
        calls = counted(means["origin_hits"], "call")
        told = f"{counted(requests, 'request')} made {calls} to the origin"
    if explanation.law is not None and explanation.law.agrees:
        window = duration(explanation.law.window_s)
        told = (
            f"For {window} nobody could see the answer that the first visitor had"
            f" already asked for, again and again: {told}"
        )
    tail = f"; it refused {count(refused)}" if refused else ", which refused none"
    return f"{told}{tail}."


def law_lines(law: Law) -> list[str]:
    """Return the law, its parts, and how well it does."""
    parts = " + ".join(f"{one.name} {duration(one.length_s)}" for one in law.parts)
    sign = "✓ agrees" if law.agrees else "✗ does not agree"
    window = duration(law.window_s)
    sum_text = f"1 + {count(law.rate_per_s)}/s \u00d7 {window} = {count(law.predicted)}"
    lines = [
        f"The door is open for {parts} = {window}. Who comes while it is open, calls:",
        f"{_LAW} = {sum_text}; simulated {within(law.simulated)}   {sign}",
    ]
    if "fastest" in law.reasons and law.fastest_s is not None:
        lines.append(
            f"With the fastest answer, after {duration(law.fastest_s)}, in place of the"
            f" mean: {count(law.corrected)}."
        )
    if law.reasons:
        why = listed([_REASONS[reason] for reason in law.reasons])
        lines.append(f"{'Mind' if law.agrees else 'Why'}: {why}.")
    return lines


def within(known: Estimate) -> str:
    """Return a mean, and half of its interval unless that has no width."""
    if known.mean is None:
        return "-"
    if known.low is None or known.low == known.mean:
        return count(known.mean)
    return f"{count(known.mean)} ± {count(known.mean - known.low)}"


def tipping_text(point: TippingPoint) -> str:
    """Return how far a fix has to go."""
    if point.meets is None:
        return f"no setting does; at {point.strongest} still {count(point.hits)} calls"
    if point.misses is None:
        return f"enough: {point.meets}"
    return f"enough: {point.meets}; not yet: {point.misses}"


def because(judgement: Judgement) -> list[str]:
    """Return what a verdict rests on, case by case, and the note."""
    lines = [_case(case) for case in judgement.cases]
    if judgement.witnesses:
        lines.append(_runtime(judgement.witnesses))
    return [*lines, judgement.claim.note] if judgement.claim.note else lines


def _runtime(witnesses: Sequence[Witness]) -> str:
    """Return what the real runtime did in runs alike, and what was predicted of it."""
    told = (
        f"{one.reference.name} {_number(one.predicted)} / {_number(one.observed)}"
        f" ({one.case})"
        for one in witnesses
    )
    known = evidence()
    head = f"{known.runtime}, {known.read_on}, predicted / observed"
    return f"The real runtime ({head}): {'; '.join(dict.fromkeys(told))}."


def _case(case: Case) -> str:
    told = "; ".join(map(_comparison, case.comparisons))
    return f"{case.name}: {told}" if case.name else told


def _comparison(one: Comparison) -> str:
    sign = {"holds": "✓", "fails": "✗", "open": "?"}[one.truth]
    left, right = _side(one.part.left, one.left), _side(one.part.right, one.right)
    return f"{sign} {left} {one.part.comparison} {right}"


def _side(side: Side, mean: float | None) -> str:
    """Return one side as it is written, and its value unless it is a plain number."""
    if isinstance(side.node, ast.Constant):
        return side.written
    return f"{side.written} ({'none' if mean is None else _number(mean)})"


def _number(value: float) -> str:
    return count(value) if abs(value) >= 1 or not value else f"{value:.3g}"


def advice(explanation: Explanation) -> list[str]:
    """Return what to do, and what not, from the verdicts."""
    by_word: dict[str, list[str]] = {}
    for one in explanation.counterfactuals:
        by_word.setdefault(one.verdict, []).append(one.label)
    lines = []
    if "fixes" in by_word:
        lines.append(f"Do one of: {'; '.join(by_word['fixes'])}.")
    else:
        lines.append("No single change that was tried meets the goal.")
    lines += [
        f"Mind, of {one.label}: {one.caveat}."
        for one in explanation.counterfactuals
        if one.caveat and one.verdict == "fixes"
    ]
    if "hides it" in by_word:
        lines.append(
            f"Hides it, at the origin's expense: {listed(by_word['hides it'])}."
        )
    if "worse" in by_word:
        lines.append(f"Never alone: {'; '.join(by_word['worse'])}.")
    return lines


def clock(explanation: Explanation, event: Event) -> str:
    """Return when something happened: on the wall, and from the start."""
    return clock_text(explanation.scenario, event.at_ns, digits=3)


def since(event: Event) -> str:
    """Return when something happened, from the start of the run."""
    return duration(event.at_ns / NS_PER_S)
