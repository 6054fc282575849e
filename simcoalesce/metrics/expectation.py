"""Expectations: what a scenario's author demands of its metrics, and the verdicts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal

from pydantic import (
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import override

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate
from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.conditions.statement import Evaluation, Statement
from simcoalesce.conditions.truth import Truth
from simcoalesce.metrics.registry import METRICS, SELECTABLE
from simcoalesce.plain import plain
from simcoalesce.spec import Spec

METRIC_UNITS: Final = {name: metric.unit for name, metric in METRICS.items()}
ABOVE_ONE: Final = frozenset({"origin_ratio"})
"""Ratios that may exceed 1."""
EXPECTED: Final = Vocabulary(
    METRIC_UNITS, "origin_hits <= 50", above_one=ABOVE_ONE, selectable=SELECTABLE
)
"""What may be demanded of the metrics of one scenario."""

_SCHEMA: Final[JsonSchemaValue] = {
    "type": "string",
    "pattern": rf"\b({'|'.join(METRICS)})\b",
    "examples": ["origin_hits <= 50", "latency_p99_s < 250ms", "hit_ratio >= 90%"],
}


class Expectation(Spec):
    """A condition that the means of metrics must meet.

    Written as a text, ``origin_hits <= 50``, or, with more to say, as a mapping:
    ``{that: kv_writes_refused == 0, level: warn, because: one write a second a key}``.
    """

    that: Annotated[Condition, *EXPECTED.as_field(_SCHEMA)]
    """A condition (docs/conditions.md) such as origin_hits <= 50."""
    level: Literal["warn", "fail"] = "fail"
    """Whether a broken expectation fails the run or only warns."""
    because: str = ""
    """Why it is expected; printed when it is not met."""
    reproduces: bool = False
    """Whether it says that the parameters reproduce what was reported. Then no remedy
    has to meet it: it is no part of the goal of `explain`."""

    @classmethod
    @override
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, describe: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """Allow the text beside the mapping."""
        mapping = super().__get_pydantic_json_schema__(core, describe)
        return {"anyOf": [_SCHEMA, describe.resolve_ref_schema(mapping)]}

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if isinstance(value, (dict, cls)):
            return value
        return {"that": EXPECTED.condition(value)}

    @model_serializer(mode="wrap")
    def _as_text(self, write: SerializerFunctionWrapHandler) -> Any:
        is_plain = self.level == "fail" and not (self.because or self.reproduces)
        if is_plain:
            return str(self.that)
        written = write(self)
        if not self.reproduces:
            del written["reproduces"]
        return written

    @override
    def __str__(self) -> str:
        return str(self.that)

    def verdict(
        self, known: Callable[[Statement], Estimate], rare_ratio: float | None = None
    ) -> "Verdict":
        """Return what the replications say, from 95 % intervals and bounds.

        Args:
            known: Gives the estimate of what a statement is about.
            rare_ratio: In which share of the runs at most a number that was the same in
                all may be another; as many as may be if absent.
        """
        return Verdict(self, self.that.evaluation(known, rare_ratio))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the runs say of an expectation: of the statement that decides it."""

    expectation: Expectation
    evaluation: Evaluation

    @property
    def truth(self) -> Truth:
        """Whether it holds; undecided if the runs cannot tell."""
        return self.evaluation.truth

    @property
    def is_broken(self) -> bool:
        """Whether the run must fail: not met, and more than a warning."""
        return self.truth == "fails" and self.expectation.level == "fail"

    @property
    def replications_to_decide(self) -> int | None:
        """Roughly how many replications would decide; None if nothing says it."""
        return self.evaluation.replications_to_decide

    def unless(self, no_verdict: str) -> "Verdict":
        """Return the verdict, or one that is undecided for a reason."""
        return replace(self, evaluation=self.evaluation.unless(no_verdict))

    def document(self) -> dict[str, Any]:
        """Return the verdict as the result document shows it."""
        known, reach = self.evaluation.known, self.evaluation.reach
        return {
            "that": str(self.expectation),
            "level": self.expectation.level,
            "because": self.expectation.because,
            "truth": self.truth,
            "mean": known.mean,
            "ci95": known.ci95,
            **({"modes": plain(known.modes)} if known.modes else {}),
            "reason": self.evaluation.reason,
            "replications_to_decide": self.replications_to_decide,
            "reach": reach.document() if reach else None,
        }
