"""Comparability: whether two sides can be compared where a condition stands."""

from typing import TYPE_CHECKING

from simcoalesce.conditions.expression import Expression
from simcoalesce.conditions.over_runs import MEAN
from simcoalesce.conditions.truth import CHANGES, COMPARISONS

if TYPE_CHECKING:
    from simcoalesce.conditions.parser import Vocabulary


def why_not(
    left: Expression, comparison: str, right: Expression, vocabulary: "Vocabulary"
) -> str:
    """Return why two sides cannot be compared so; empty if they can."""
    of_runs = [one for one in (left, right) if one.summary != MEAN]
    allowed = (of_runs and vocabulary.of_runs) or vocabulary.comparisons
    is_change = comparison not in COMPARISONS
    if comparison not in allowed:
        return f'"{comparison.removesuffix(" by")}" cannot stand here'
    if of_runs and ((left.references and right.references) or comparison in CHANGES):
        return f"{of_runs[0].written} is compared with a number"
    if is_change and (right.references or not (left.metric or of_runs)):
        return f'"{comparison.removesuffix(" by")}" needs a metric and a number'
    if vocabulary.needs_units and not (left.references + right.references):
        return "this names no metric"
    return ""
