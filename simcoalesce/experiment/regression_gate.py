"""Gates: by how much a metric may get worse before a build must stop."""

from typing import Final

from simcoalesce.conditions.condition import Condition, Statement
from simcoalesce.conditions.parser import CHANGES, Vocabulary
from simcoalesce.conditions.truth import COMPARISONS, Truth, conjunction, truth_of
from simcoalesce.experiment.compare import Comparison
from simcoalesce.experiment.direction import DIRECTION
from simcoalesce.metrics.expectation import METRIC_UNITS

_GATE: Final = Vocabulary(
    METRIC_UNITS,
    "latency_p99_s worse by 5%",
    comparisons=COMPARISONS | CHANGES,
    others=frozenset({"base"}),
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
        metric = one.left.written
        if one.comparison == "worse by" and metric not in DIRECTION:
            raise ValueError(
                f"neither more nor less of {metric} is worse in itself; write higher"
                " by or lower by"
            )
    return gate


def gate_truth(gate: Condition, comparison: Comparison) -> Truth:
    """Return whether a gate's condition holds: then the build must stop."""
    return conjunction(_truth(one, comparison) for one in gate.statements)


def _truth(statement: Statement, comparison: Comparison) -> Truth:
    if statement.comparison in COMPARISONS:
        base, other = comparison.measured
        return statement.evaluation(other.subject(statement, base=base)).truth
    metric = statement.left.written
    found = [one for one in comparison.differences if one.metric == metric]
    if not found:
        # Neither run has such a number: nothing got worse.
        return "fails"
    change, base_mean = found[0].change, found[0].base.mean
    if change.low is None or change.high is None or base_mean is None:
        return "undecided"
    signs = {"worse by": -DIRECTION.get(metric, 0), "higher by": 1, "lower by": -1}
    sign = signs[statement.comparison]
    low, high = sorted((change.low * sign, change.high * sign))
    is_relative = statement.right.unit == "ratio"
    limit = statement.limit * (abs(base_mean) if is_relative else 1.0)
    return truth_of(">", low, high, limit)
