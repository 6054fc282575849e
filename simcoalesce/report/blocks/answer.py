"""The answer of an explanation: what caused it, what to do, what it costs, how sure."""

from collections.abc import Iterator

from simcoalesce.explain.counterfactuals.recommendation import Recommended
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.explanation_sentences import advice
from simcoalesce.report.blocks.number_format import count, counted, listed
from simcoalesce.report.blocks.recommendation import name_of
from simcoalesce.report.blocks.report import Block

_EFFORTS = {"setting": "a setting", "code": "code", "component": "a new component"}
_FURTHER_CAUSES = 2


def answer_block(explanation: Explanation) -> Block:
    """Return what to read first, in about ten lines."""
    return Block("Answer", lines=list(_lines(explanation)))


def _lines(explanation: Explanation) -> Iterator[str]:
    yield from _further_causes(explanation)
    yield from advice(explanation)
    if explanation.no_verdict or not explanation.recommended:
        return
    first = explanation.recommended[0]
    yield _first(explanation, first)
    if first.warning:
        yield f"What can go wrong: {first.warning}."
    yield _certainty(explanation)


def _further_causes(explanation: Explanation) -> Iterator[str]:
    """Yield what adds to the first cause, which the headline names."""
    known = explanation.attribution
    others = known.causes[1 : 1 + _FURTHER_CAUSES] if known else ()
    if others:
        told = (f"{one.label} ({one.share_ratio * 100:.0f} %)" for one in others)
        yield f"Further causes, by their share: {'; '.join(told)}."


def _first(explanation: Explanation, first: Recommended) -> str:
    """Return what the first recommendation takes, leaves and costs."""
    calls = counted(first.metrics["origin_hits"].mean or 0.0, "origin call")
    errors = counted(first.metrics["errors"].mean or 0.0, "error")
    told = f"First: {name_of(first)}. It is {_EFFORTS[first.effort]}"
    told = f"{told}, and leaves {calls} and {errors}{_bill(explanation, first)}"
    doubled = first.doubled
    if doubled is None:
        return f"{told}."
    if doubled.verdict == "fixes":
        return f"{told}; it meets the goal under double the traffic too."
    left = count(doubled.metrics["origin_hits"].mean or 0.0)
    failing = counted(doubled.metrics["errors"].mean or 0.0, "error")
    return f"{told}; under double the traffic {left} calls and {failing}."


def _bill(explanation: Explanation, first: Recommended) -> str:
    now, then = explanation.base["cost_month_usd"], first.metrics["cost_month_usd"]
    if now.mean is None or then.mean is None:
        return ""
    after, before = (value_text(one.mean or 0.0, one.unit) for one in (then, now))
    return f", for {after} a month where it was {before}"


def _certainty(explanation: Explanation) -> str:
    goal = listed([str(expected) for expected in explanation.goal.expectations])
    runs = f"{explanation.replications} paired runs"
    return f"How sure: {goal} on the whole 95 % interval of {runs}."
