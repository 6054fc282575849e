"""Statements: two expressions that are compared, and what an estimate says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Final, NamedTuple

from typing_extensions import override

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.expression import LATER, Expression, Reference
from simcoalesce.conditions.over_runs import RunShare
from simcoalesce.conditions.reach import Reach, percent, runs_to_show_rare
from simcoalesce.conditions.truth import Truth, truth_of

_MIRRORED: Final[Mapping[str, str]] = {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}
_IS_UPPER: Final[Mapping[str, tuple[bool, ...]]] = {
    **dict.fromkeys(("<=", "<"), (True,)),
    **dict.fromkeys((">=", ">"), (False,)),
    "==": (False, True),
}
"""For each comparison: does it bound its left side from above, from below, or both?"""
_NORMAL_975: Final = 1.959964
"""The 97.5 % quantile of the normal distribution."""


Bounds = frozenset[tuple[frozenset[Reference], bool]]
"""Quantities, by what they are made of, and whether each is bounded from above."""


@dataclass(frozen=True)
class Statement:
    """Two expressions and how they compare: by <= >= == != < > or in words."""

    left: Expression
    comparison: str
    right: Expression

    @override
    def __str__(self) -> str:
        return f"{self.left.written} {self.comparison} {self.right.written}"

    @cached_property
    def difference(self) -> Expression:
        """Left minus right."""
        steps = (*self.left.steps, *self.right.steps, LATER)
        return Expression(f"{self.left.written} - ({self.right.written})", steps)

    @cached_property
    def subject(self) -> Expression:
        """What is estimated: the side that is no number, else left minus right."""
        if not self.right.references:
            return self.left
        return self.difference if self.left.references else self.right

    @property
    def unit(self) -> str:
        """The unit of its subject, as far as it is known; else 1."""
        return self.subject.unit or self.left.unit or self.right.unit or "1"

    @cached_property
    def limit(self) -> float:
        """The number with which the subject is compared."""
        sides = (one for one in (self.right, self.left) if not one.references)
        return next((one.value() or 0.0 for one in sides), 0.0)

    @property
    def bounds(self) -> Bounds:
        """What it bounds, and from which side; to be another number bounds nothing.

        That is its left side, or the right one if the left is a number.
        """
        is_mirrored = not self.left.references
        bounded = frozenset((self.right if is_mirrored else self.left).references)
        is_upper = _IS_UPPER.get(self.comparison, ())
        return frozenset((bounded, one != is_mirrored) for one in is_upper)

    def truth(self, low: float, high: float) -> Truth:
        """Return whether it is true if its subject lies within [low, high]."""
        is_mirrored = not self.left.references and self.comparison in _MIRRORED
        comparison = _MIRRORED[self.comparison] if is_mirrored else self.comparison
        return truth_of(comparison, low, high, self.limit)

    def evaluation(
        self,
        known: Estimate,
        *,
        rare_ratio: float | None = None,
        passing: Truth = "holds",
    ) -> "Evaluation":
        """Return its truth by an estimate of its subject.

        It holds only if it is true of the whole 95 % interval, and fails only if it is
        true of no part; of a share of the runs and of a quantile, of all that is within
        the one-sided 95 % bound. An interval without width decides always, unless it is
        asked how rare another number is. What is missing in some replications can fail,
        but cannot hold: the mean of those that have it says nothing of the others.

        Args:
            known: The estimate.
            rare_ratio: In which share of the runs at most a number that was the same in
                all may be another; as many as may be if absent.
            passing: The truth that needs this.
        """
        if known.low is None or known.high is None:
            reason = known.reason or "one replication has no interval: run two or more"
            return Evaluation(self, known, "undecided", reason)
        over_runs, reach = known.over_runs, _reach(known)
        ends = over_runs.bounds() if over_runs else (known.low, known.high)
        truth = self.truth(*ends)
        if truth == "holds" and known.reason:
            return Evaluation(self, known, "undecided", known.reason, reach)
        if truth == passing and reach and rare_ratio and known.is_same:
            reached = reach.at_most_ratio
            if reached is not None and reached > rare_ratio:
                return Evaluation(self, known, "undecided", None, reach, rare_ratio)
        why = None
        if truth == "undecided" and known.is_apart:
            # More runs make no mean of it.
            asked = f"share({self}) >= 90%"
            why = f"runs are far from each other; ask e.g. {asked}"
        elif truth == "undecided":
            within = "bounds" if over_runs else "interval"
            why = f"the limit lies within the 95 % {within}"
        return Evaluation(self, known, truth, known.reason or why, reach)


def _reach(known: Estimate) -> Reach | None:
    if isinstance(known.over_runs, RunShare):
        return Reach.of_share(known.over_runs)
    return Reach(0, known.n, is_certain=known.is_certain) if known.is_same else None


class Evaluation(NamedTuple):
    """What an estimate of its subject says of a statement, and why if undecided.

    Attributes:
        statement: What is evaluated.
        known: The estimate.
        truth: Whether it is true.
        reason: Why it is undecided, or what is missing.
        reach: How far it extends beyond the runs; None if the interval says it.
        rare_ratio: How rare another number must be, if the runs do not show it.
        has_verdict: Whether anything follows from such runs, however many.
    """

    statement: Statement
    known: Estimate
    truth: Truth
    reason: str | None
    reach: Reach | None = None
    rare_ratio: float | None = None
    has_verdict: bool = True

    def unless(self, no_verdict: str) -> "Evaluation":
        """Return it, or if there is a reason why nothing follows, undecided."""
        if not no_verdict:
            return self
        statement, known, *_ = self
        return Evaluation(statement, known, "undecided", no_verdict, has_verdict=False)

    @property
    def reach_text(self) -> str:
        """The words of its reach, and how rare another number had to be."""
        said = str(self.reach or "")
        rare = f", more than {percent(self.rare_ratio)}" if self.rare_ratio else ""
        return f"{said}{rare}"

    @property
    def replications_to_decide(self) -> int | None:
        """Roughly how many replications would decide.

        The half-width of an interval of a mean shrinks as 1.96 sd / sqrt(n). None if it
        is decided, if the estimate is the limit itself, the spread is not known, or
        nothing follows from such runs.
        """
        known, limit = self.known, self.statement.limit
        if not self.has_verdict:
            return None
        if self.rare_ratio:
            return runs_to_show_rare(self.rare_ratio)
        if self.truth != "undecided" or known.is_apart:
            return None
        if known.over_runs:
            needed = known.over_runs.runs_for(limit)
            return None if needed is None else max(needed, known.n + 1)
        if known.mean is None or not known.sd or known.mean == limit:
            return None
        squared = (_NORMAL_975 * known.sd / (known.mean - limit)) ** 2
        return max(ceil(squared), known.n) + 1
