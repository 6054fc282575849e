"""Expressions: arithmetic on the metrics of a run, and what is asked over runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, isinf, isnan
from operator import add, eq, ge, gt, le, lt, mul, ne, sub, truediv
from typing import Final, NamedTuple

from typing_extensions import override

from simcoalesce.conditions.over_runs import MEAN, Summary

Number = float | None
"""A value; None where a run has none, and infinite if it is an instant that never
comes."""

LATER: Final = "later"
"""The step by which two sides are compared: minus, but never is never."""

_OPERATIONS: Final[Mapping[str, Callable[[float, float], float]]] = {
    **dict(zip("+-*/", (add, sub, mul, truediv), strict=True)),
    **dict(
        zip(("<", "<=", "==", "!=", ">=", ">"), (lt, le, eq, ne, ge, gt), strict=True)
    ),
    "and": min,
    LATER: lambda a, b: 0.0 if a == b else a - b,
}
"""What a step does with two numbers; what is true is 1, what is false 0."""


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
        steps: In reverse Polish notation: numbers, references, and + - * /; of a
            share also comparisons, and `and`.
        unit: Of its metrics and numbers, if they have one and the same.
        summary: How the numbers of runs become one.
    """

    written: str
    steps: tuple[float | Reference | str, ...]
    unit: str | None = None
    summary: Summary = MEAN

    @property
    def references(self) -> tuple[Reference, ...]:
        """What must be known, each once."""
        found = (one for one in self.steps if isinstance(one, Reference))
        return tuple(dict.fromkeys(found))

    @property
    def metric(self) -> str | None:
        """The metric of the scenario itself that it is; None if it is anything else."""
        match self.steps:
            case (Reference(name, None),) if self.summary == MEAN:
                return name
        return None

    def value(self, known: Callable[[Reference], Number] = lambda _: None) -> Number:
        """Return the number; None if a part does not exist, or it is too large."""
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
        value = float(_OPERATIONS[operation](a, b))
    except (ZeroDivisionError, OverflowError):
        return None
    is_of_never = (isinf(a) or isinf(b)) and not isnan(value)
    return value if isfinite(value) or is_of_never else None
