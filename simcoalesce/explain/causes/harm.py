"""Harm: what is divided between causes, as a number of each run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite
from typing import Final

from simcoalesce.conditions.expression import Expression, Reference
from simcoalesce.conditions.statement import Statement
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.metrics import metric_of
from simcoalesce.metrics.expectation import Expectation

_NOUNS: Final[Mapping[str, str]] = {
    "errors": "requests with an error",
    "origin_rejected": "refused calls",
    "origin_hits": "origin calls",
}
_REFUSED: Final = "origin_rejected"


@dataclass(frozen=True)
class Harm:
    """What went wrong, as a number: the more, the worse.

    Attributes:
        metric: Of what, as conditions write it.
        subject: What it is computed from.
        is_lack: Whether less of it is worse, so that the harm is its negative.
    """

    metric: str
    subject: Expression
    is_lack: bool = False

    @property
    def noun(self) -> str:
        """What is counted, in words, or what is measured, as conditions write it."""
        return _NOUNS.get(self.metric, self.metric)

    @property
    def is_counted(self) -> bool:
        """Whether it is a number of requests or calls, and no measure as a time is."""
        return self.metric in _NOUNS

    @property
    def unit(self) -> str:
        """Of its numbers: that of its metric, or that of all that it is computed of."""
        name = self.subject.metric
        return (self.subject.unit if name is None else metric_of(name).unit) or "1"

    def values(self, measured: MetricValues) -> tuple[Fraction, ...]:
        """Return the harm of each run; what does not exist is none."""
        numbers = self.subject.values(
            lambda one: measured.column(one.name), measured.replications
        )
        sign = -1 if self.is_lack else 1
        return tuple(
            sign * Fraction(one) if one is not None and isfinite(one) else Fraction(0)
            for one in numbers
        )


def harm_of(
    goal: Goal, base: MetricValues, expected: Sequence[Expectation]
) -> Harm | None:
    """Return the first harm of an incident: what is divided between its causes.

    It is what `expect:` states and is not so; else errors, refused calls, calls that
    sharing would spare, or latency, whichever there is. None if the goal is met.

    Args:
        goal: What a remedy must achieve.
        base: What the incident measures.
        expected: What the scenario states.
    """
    if goal.is_met_already:
        return None
    for one in goal.expectations:
        for statement in one.that.statements if one in expected else ():
            if statement.evaluation(base.subject(statement)).truth != "holds":
                return _of_statement(statement)
    for metric in ("errors", _REFUSED, "origin_hits", "latency_all_p99_s"):
        if base.estimate(metric).mean:
            return _of(metric)
    return None


def _of(metric: str) -> Harm:
    return Harm(metric, Expression(metric, (Reference(metric),)))


def _of_statement(statement: Statement) -> Harm:
    subject = statement.subject
    if subject.metric and metric_of(subject.metric).is_instant:
        # When the first refusal comes is no amount; what it is about is refusals.
        return _of(_REFUSED)
    is_lack = statement.truth(float("inf"), float("inf")) == "holds"
    return Harm(subject.written, subject, is_lack)
