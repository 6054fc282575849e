"""Conditions: statements about metrics, and what estimates say of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from operator import add, mul, sub, truediv
from typing import Final, NamedTuple

from typing_extensions import override

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.truth import DECISIVE, Truth, truth_of

Number = float | None
"""A value; None where a run has none."""

_OPERATIONS: Final = dict(zip("+-*/", (add, sub, mul, truediv), strict=True))
_MIRRORED: Final[Mapping[str, str]] = {"<=": ">=", "<": ">", ">=": "<=", ">": "<"}


class Reference(NamedTuple):
    """A name, and the variant or remedy that it is of; None: the scenario itself."""

    name: str
    of: str | None = None

    @override
    def __str__(self) -> str:
        return self.name if self.of is None else f"{self.name}@{self.of}"


@dataclass(frozen=True)
class Expression:
    """A number once its references are known.

    Attributes:
        written: As its author wrote it.
        steps: In reverse Polish notation: numbers, references, and + - * /.
        unit: Of its metrics and numbers, if they have one and the same.
    """

    written: str
    steps: tuple[float | Reference | str, ...]
    unit: str | None = None

    @property
    def references(self) -> tuple[Reference, ...]:
        """What must be known, each once."""
        found = (one for one in self.steps if isinstance(one, Reference))
        return tuple(dict.fromkeys(found))

    @property
    def metric(self) -> str | None:
        """The metric of the scenario itself that it is; None if it is anything else."""
        match self.steps:
            case (Reference(name, None),):
                return name
        return None

    def value(self, known: Callable[[Reference], Number] = lambda _: None) -> Number:
        """Return the number; None if a part does not exist, or it is not finite."""
        stack: list[Number] = []
        for step in self.steps:
            if isinstance(step, str):
                b, a = stack.pop(), stack.pop()
                stack.append(_applied(step, a, b))
            else:
                stack.append(known(step) if isinstance(step, Reference) else step)
        return stack[0]

    def values(
        self, known: Callable[[Reference], Sequence[Number]], runs: int
    ) -> list[Number]:
        """Return the number in each run."""
        columns = {one: known(one) for one in self.references}
        return [
            self.value({one: column[run] for one, column in columns.items()}.get)
            for run in range(runs)
        ]


def _applied(operation: str, a: Number, b: Number) -> Number:
    if a is None or b is None:
        return None
    try:
        value: float = _OPERATIONS[operation](a, b)
    except (ZeroDivisionError, OverflowError):
        return None
    return value if isfinite(value) else None


class Evaluation(NamedTuple):
    """What an estimate of its subject says of a statement, and why if undecided."""

    statement: "Statement"
    known: Estimate
    truth: Truth
    reason: str | None


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
        steps = (*self.left.steps, *self.right.steps, "-")
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

    def truth(self, low: float, high: float) -> Truth:
        """Return whether it is true if its subject lies within [low, high]."""
        is_mirrored = not self.left.references and self.comparison in _MIRRORED
        comparison = _MIRRORED[self.comparison] if is_mirrored else self.comparison
        return truth_of(comparison, low, high, self.limit)

    def evaluation(self, known: Estimate) -> Evaluation:
        """Return its truth by an estimate of its subject.

        It holds only if it is true of the whole 95 % interval, and fails only if it is
        true of no part. An interval without width decides always. What is missing in
        some replications can fail, but cannot hold: the mean of those that have it says
        nothing of the others.
        """
        if known.low is None or known.high is None:
            reason = "one replication has no interval: run two or more"
            return Evaluation(self, known, "undecided", known.reason or reason)
        truth = self.truth(known.low, known.high)
        if truth == "holds" and known.reason:
            return Evaluation(self, known, "undecided", known.reason)
        within = "the limit lies within the 95 % interval"
        why = within if truth == "undecided" else None
        return Evaluation(self, known, truth, known.reason or why)


@dataclass(frozen=True)
class Condition:
    """Statements joined by `and`; a chain such as 1 <= a <= 2 is two."""

    written: str
    statements: tuple[Statement, ...]

    @override
    def __str__(self) -> str:
        return self.written

    @property
    def references(self) -> tuple[Reference, ...]:
        """What must be known to evaluate it, each once."""
        every = (each for one in self.statements for each in one.difference.references)
        return tuple(dict.fromkeys(every))

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it refers to, each once."""
        return tuple(dict.fromkeys(one.name for one in self.references))

    def evaluation(self, known: Callable[[Statement], Estimate]) -> Evaluation:
        """Return what decides it: what fails, else is undecided, else holds.

        `known` gives the estimate of a statement's subject.
        """
        every = (one.evaluation(known(one)) for one in self.statements)
        return min(every, key=lambda one: DECISIVE.index(one.truth))
