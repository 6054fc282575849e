"""Conditions: statements that must all be true."""

from collections.abc import Callable
from dataclasses import dataclass

from typing_extensions import override

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.expression import Reference
from simcoalesce.conditions.statement import Evaluation, Statement
from simcoalesce.conditions.truth import DECISIVE


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

    def evaluation(
        self, known: Callable[[Statement], Estimate], rare_ratio: float | None = None
    ) -> Evaluation:
        """Return what decides it: what fails, else is undecided, else holds.

        Of several statements that hold, the one that reaches least far decides.

        Args:
            known: Gives the estimate of a statement's subject.
            rare_ratio: As for `Statement.evaluation`.
        """
        every = (
            one.evaluation(known(one), rare_ratio=rare_ratio) for one in self.statements
        )
        return min(every, key=_decisive)


def _decisive(one: Evaluation) -> tuple[int, bool]:
    says_all = one.reach is None or one.reach.is_certain
    return DECISIVE.index(one.truth), one.truth == "holds" and says_all
