"""Precision: run until a metric is known well enough, or a share is decided.

`origin_hits within 2%`; `share(errors > 0) <= 1%`.
"""

from collections.abc import Callable
from typing import Final

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.over_runs import MEAN
from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.conditions.statement import Statement
from simcoalesce.conditions.truth import COMPARISONS
from simcoalesce.metrics.expectation import ABOVE_ONE, METRIC_UNITS
from simcoalesce.metrics.registry import SELECTABLE

MOST_REPLICATIONS: Final = 10_000
"""Where a search for precision ends if nobody says where."""

_FEWEST: Final = 10
MISS_OF_LOOKS: Final = 0.0035
"""The probability of an error of each look at a share: of all together it is at most
5 % (docs/statistics.md)."""
_WITHIN: Final = frozenset({"within"})
_PRECISION: Final = Vocabulary(
    METRIC_UNITS,
    "origin_hits within 2%",
    comparisons=_WITHIN,
    of_runs=_WITHIN | COMPARISONS,
    above_one=ABOVE_ONE,
    selectable=SELECTABLE,
)


def parse_precision(text: Condition | str) -> Condition:
    """Return how well metrics must be known.

    Half the width of a 95 % interval is at most the number: a share of the mean, or an
    amount in the metric's unit; of a share of the runs, percentage points. A share of
    the runs or a quantile that is compared with a limit must be decided.

    Raises:
        ValueError: If the text does not say so; the message says what to write.
    """
    wanted = _PRECISION.condition(text)
    if any(one.limit <= 0 for one in wanted.statements):
        raise ValueError(f'"{wanted}": nothing is known better than that')
    return wanted


def is_asked_after(count: int) -> bool:
    """Return whether to ask after so many runs if they are enough.

    That is after ten, and then whenever there are a tenth more: who asks after every
    run stops too early too often.

    Source:
        Law, Simulation Modeling and Analysis, 5th ed., section 9.4.1.
    """
    asked = _FEWEST
    while asked < count:
        asked += max(asked // 10, 1)
    return asked == count


def is_reached(wanted: Condition, known: Callable[[Statement], Estimate]) -> bool:
    """Return whether the estimates of what statements are about are that precise."""
    return all(_is_met(one, known(one)) for one in wanted.statements)


def _is_met(statement: Statement, known: Estimate) -> bool:
    if statement.comparison in COMPARISONS:
        ends = known.over_runs.bounds(MISS_OF_LOOKS) if known.over_runs else None
        return ends is not None and statement.truth(*ends) != "undecided"
    if known.mean is None or known.low is None or known.high is None:
        return False
    is_share_of_runs = statement.subject.summary != MEAN and statement.unit == "ratio"
    is_relative = statement.right.unit == "ratio" and not is_share_of_runs
    limit = statement.limit * (abs(known.mean) if is_relative else 1.0)
    return (known.high - known.low) / 2 <= limit
