"""Precision: run until a metric is known well enough, `origin_hits within 2%`."""

from collections.abc import Callable
from typing import Final

from simcoalesce.conditions.condition import Condition, Statement
from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.metrics.expectation import METRIC_UNITS

MOST_REPLICATIONS: Final = 10_000
"""Where a search for precision ends if nobody says where."""

_FEWEST: Final = 10
_PRECISION: Final = Vocabulary(
    METRIC_UNITS, "origin_hits within 2%", comparisons=frozenset({"within"})
)


def parse_precision(text: Condition | str) -> Condition:
    """Return how well metrics must be known.

    Half the width of a 95 % interval is at most the number: a share of the mean, or an
    amount in the metric's unit.

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


def is_reached(wanted: Condition, known: Callable[[str], Estimate]) -> bool:
    """Return whether the estimates of metrics are that precise."""
    return all(_is_met(one, known(one.left.written)) for one in wanted.statements)


def _is_met(statement: Statement, known: Estimate) -> bool:
    if known.mean is None or known.high is None:
        return False
    is_relative = statement.right.unit == "ratio"
    limit = statement.limit * (abs(known.mean) if is_relative else 1.0)
    return known.high - known.mean <= limit
