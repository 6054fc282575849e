"""Verdicts: what a remedy is worth, in one word."""

from typing import Final, Literal

from simcoalesce.conditions.selection import base_of
from simcoalesce.conditions.statement import Statement
from simcoalesce.experiment.metric_values import MetricValues, no_verdict_of
from simcoalesce.explain.counterfactuals.effect import Effect
from simcoalesce.explain.counterfactuals.goal import Goal, allowed_calls

VerdictWord = Literal["fixes", "helps", "hides", "no effect", "undecided", "worse"]
"""The best first."""

_CALLS: Final = frozenset(
    (
        "origin_hits",
        "origin_accepted",
        "origin_ratio",
        "origin_peak_rate_per_s",
        "origin_peak_calls_per_window",
        "origin_peak_concurrency",
    )
)
"""What the origin has to carry: a goal that bounds it says how much that may be."""
_COUNTED: Final = frozenset(("origin_hits", "errors"))
"""What is weighed against each other, whatever the goal asks for."""


def verdict(
    before: MetricValues,
    after: MetricValues,
    goal: Goal,
    *,
    is_closed: bool = False,
    has_same_arrivals: bool = True,
    has_queue: bool = False,
) -> VerdictWord:
    """Return what a change did, in one word, from paired 95 % intervals.

    The first that is true:

    - worse: more errors, fewer requests answered, or the slowest wait several times as
      long, if the same are answered or they wait for more than ten seconds;
    - undecided: there may be more errors;
    - fixes: the goal is met, and was not before; hides: it is, but only as the origin
      serves what was refused before;
    - worse: what the goal asks for is missed by more; or there are more calls, beyond
      one for each error that is spared, unless half of the errors end for them;
    - hides: fewer errors, as the origin serves what was refused before;
    - undecided: better, and the interval straddles the goal; helps: better, i.e. fewer
      errors or calls, nearer to the goal, or much shorter waits;
    - worse: nothing but longer waits;
    - no effect: calls and errors within 2 % around no change.

    Args:
        before: The incident.
        after: The incident with the change.
        goal: What a remedy must achieve.
        is_closed: Whether when requests come depends on the answers.
        has_same_arrivals: Whether requests come at the same instants as before.
        has_queue: Whether a layer in front of the origin may refuse requests.
    """
    if no_verdict_of((before, after)):
        return "undecided"
    effect = Effect(before, after, is_closed)
    if effect.errors == "up" or effect.loses_requests or effect.is_slow:
        return "worse"
    if effect.may_fail_more:
        return "undecided"
    truth = goal.truth(after)
    needed = allowed_calls(goal.needed)
    is_hidden = has_same_arrivals and effect.is_carried(needed, has_queue=has_queue)
    if truth == "holds" and not goal.is_met_already:
        return "hides" if is_hidden and not _bounds_calls(goal) else "fixes"
    word = _short_of_the_goal(effect, goal, is_hidden=is_hidden)
    is_open = truth == "undecided" and word == "helps"
    return "undecided" if is_open else word


def _short_of_the_goal(effect: Effect, goal: Goal, *, is_hidden: bool) -> VerdictWord:
    """Return what a change did that does not meet the goal for certain."""
    aims = [
        effect.towards(one) for one in goal.statements if not _names(one) <= _COUNTED
    ]
    is_nearer, is_farther = "down" in aims, "up" in aims
    costs = effect.calls_beyond_answers == "up" and not effect.is_worth_its_calls
    if (is_farther or costs) and not is_nearer:
        return "worse"
    if is_hidden:
        return "hides"
    if is_nearer or "down" in (effect.errors, effect.calls, effect.waits):
        return "helps"
    if effect.waits == "up":
        return "worse"
    is_same = effect.errors == effect.calls == "same"
    return "no effect" if is_same else "undecided"


def _bounds_calls(goal: Goal) -> bool:
    return any(_names(one) & _CALLS for one in goal.statements)


def _names(statement: Statement) -> frozenset[str]:
    return frozenset(base_of(one.name) for one in statement.subject.references)
