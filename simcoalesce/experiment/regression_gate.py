"""Gates: by how much a metric may get worse before a build must stop."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from simcoalesce.conditions.binomial import upper_bound
from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.conditions.reach import Reach
from simcoalesce.conditions.statement import Evaluation, Statement
from simcoalesce.conditions.truth import (
    CHANGES,
    COMPARISONS,
    DECISIVE,
    Truth,
    truth_of,
)
from simcoalesce.experiment.answered import is_of_answered
from simcoalesce.experiment.compare import Comparison
from simcoalesce.experiment.direction import direction_of
from simcoalesce.metrics.expectation import ABOVE_ONE, METRIC_UNITS
from simcoalesce.metrics.registry import SELECTABLE

_GATE: Final = Vocabulary(
    METRIC_UNITS,
    "latency_p99_s worse by 5%",
    comparisons=COMPARISONS | CHANGES,
    others=frozenset({"base"}),
    above_one=ABOVE_ONE,
    selectable=SELECTABLE,
)


def parse_gate(text: str) -> Condition:
    """Return what must not be: `latency_p99_s worse by 5%`.

    A change is a share of the base, or in the metric's unit. Comparisons are of the
    scenario that is compared, and of `@base`.

    Raises:
        ValueError: If the text states no gate; the message says what to write.
    """
    gate = _GATE.condition(text)
    for one in gate.statements:
        metric = one.left.metric or one.left.written
        if one.comparison == "worse by" and direction_of(metric) is None:
            raise ValueError(
                f"neither more nor less of {metric} is worse in itself; write higher"
                " by or lower by"
            )
    return gate


class GateResult(NamedTuple):
    """A gate, what it is asked of, and what decides it there."""

    gate: Condition
    comparison: Comparison
    evaluation: Evaluation

    def document(self) -> dict[str, Any]:
        """Return it as plain values."""
        reach = self.evaluation.reach
        return {
            "fail_if": str(self.gate),
            "other": self.comparison.other.label,
            "truth": self.evaluation.truth,
            "reason": self.evaluation.reason,
            "replications_to_decide": self.evaluation.replications_to_decide,
            "reach": reach.document() if reach else None,
        }


def gate_results(
    gates: Sequence[Condition],
    comparisons: Sequence[Comparison],
    rare_ratio: float | None = None,
) -> list[GateResult]:
    """Return what becomes of each gate in each comparison; see `gate_evaluation`."""
    return [
        GateResult(gate, one, gate_evaluation(gate, one, rare_ratio))
        for gate in gates
        for one in comparisons
    ]


def gate_truth(
    gate: Condition, comparison: Comparison, rare_ratio: float | None = None
) -> Truth:
    """Return whether a gate's condition holds: then the build must stop."""
    return gate_evaluation(gate, comparison, rare_ratio).truth


def gate_evaluation(
    gate: Condition, comparison: Comparison, rare_ratio: float | None = None
) -> Evaluation:
    """Return what decides a gate: what fails, else is undecided, else holds.

    Args:
        gate: What must not be.
        comparison: The scenario and its base; undecided if it has no verdict.
        rare_ratio: In which share of the runs at most a number that was the same in all
            may be another, for a build to pass; as many as may be if absent.
    """
    every = (
        _evaluation(one, comparison, rare_ratio).unless(comparison.no_verdict)
        for one in gate.statements
    )
    return min(every, key=lambda one: DECISIVE.index(one.truth))


def _evaluation(
    statement: Statement, comparison: Comparison, rare_ratio: float | None
) -> Evaluation:
    reason = _not_comparable(statement, comparison)
    if reason:
        nothing = estimate((), unit=statement.unit)
        return Evaluation(statement, nothing, "undecided", reason)
    if statement.comparison in COMPARISONS:
        base, other = comparison.measured
        known = other.subject(statement, base=base)
        return statement.evaluation(known, rare_ratio=rare_ratio, passing="fails")
    metric = statement.left.metric or statement.left.written
    found = [one for one in comparison.differences if one.metric == metric]
    if not found:
        # Neither run has such a number: nothing got worse.
        nothing = estimate((), unit=statement.unit)
        return Evaluation(statement, nothing, "fails", None)
    change, base_mean = found[0].change, found[0].base.mean
    truth = _truth(statement, metric, change, base_mean)
    if truth != "fails" or not change.is_same:
        return Evaluation(statement, change, truth, None)
    reach = Reach(0, change.n)
    if rare_ratio and upper_bound(0, change.n) > rare_ratio:
        return Evaluation(statement, change, "undecided", None, reach, rare_ratio)
    return Evaluation(statement, change, truth, None, reach)


def _not_comparable(statement: Statement, comparison: Comparison) -> str | None:
    """Return why a statement compares latencies of other requests; None if it does not.

    One about the scenario that is compared, and no word of the base, compares nothing.
    """
    references = (*statement.left.references, *statement.right.references)
    is_of_base = statement.comparison not in COMPARISONS or any(
        one.of for one in references
    )
    if not is_of_base:
        return None
    found = [one.name for one in references if is_of_answered(one.name)]
    reasons = filter(None, (comparison.shares_of(name).reason for name in found))
    return next((f"not comparable: {reason}" for reason in reasons), None)


def _truth(
    statement: Statement, metric: str, change: Estimate, base_mean: float | None
) -> Truth:
    if change.low is None or change.high is None:
        return "undecided"
    signs = {"worse by": -(direction_of(metric) or 0), "higher by": 1, "lower by": -1}
    sign = signs[statement.comparison]
    low, high = sorted((change.low * sign, change.high * sign))
    is_relative = statement.right.unit == "ratio"
    # Of an instant that never comes in the base no share is known: any change is more.
    limit = statement.limit * (abs(base_mean or 0.0) if is_relative else 1.0)
    return truth_of(">", low, high, limit)
