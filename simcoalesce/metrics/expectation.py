"""Expectations: what a scenario's author demands of its metrics, and the verdicts."""

from dataclasses import dataclass
from math import ceil
from typing import Annotated, Any, Literal, Protocol

from pydantic import (
    BeforeValidator,
    GetJsonSchemaHandler,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import override

from simcoalesce.metrics.claim import COMPARISONS, Claim
from simcoalesce.metrics.registry import METRICS
from simcoalesce.spec import Spec

State = Literal["pass", "fail", "undecided"]
"""What the runs say of an expectation."""

_CLAIM_SCHEMA: JsonSchemaValue = {
    "type": "string",
    "pattern": rf"^\s*({'|'.join(METRICS)})\s*({'|'.join(COMPARISONS)})\s*[^\s<>=!]",
    "examples": ["origin_hits <= 50", "latency_p99_s < 250ms", "hit_ratio >= 90%"],
}

_NORMAL_975 = 1.959964
"""The 97.5 % quantile of the normal distribution."""


class Interval(Protocol):
    """What a verdict needs of an estimate: its mean and its 95 % interval."""

    @property
    def mean(self) -> float | None:
        """The mean over the replications in which the metric exists."""

    @property
    def sd(self) -> float | None:
        """The standard deviation between replications."""

    @property
    def low(self) -> float | None:
        """The lower end of the 95 % interval of the mean."""

    @property
    def high(self) -> float | None:
        """The upper end of the 95 % interval of the mean."""

    @property
    def n(self) -> int:
        """In how many replications the metric exists."""

    @property
    def reason(self) -> str | None:
        """Why the metric does not exist in all replications; None if it does."""


def _claim(value: object) -> Claim:
    return value if isinstance(value, Claim) else Claim.parse(value)


class Expectation(Spec):
    """A claim that the mean of a metric must meet.

    Written as a text, ``origin_hits <= 50``, or, with more to say, as a mapping:
    ``{that: kv_writes_refused == 0, level: warn, because: one write a second a key}``.
    """

    that: Annotated[
        Claim,
        BeforeValidator(_claim),
        PlainSerializer(str, return_type=str),
        WithJsonSchema(_CLAIM_SCHEMA),
    ]
    """A metric, one of <= >= == != < >, and a value with its unit."""
    level: Literal["warn", "fail"] = "fail"
    """Whether a broken expectation fails the run or only warns."""
    because: str = ""
    """Why it is expected; printed when it is not met."""

    @classmethod
    @override
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, describe: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """Allow the text beside the mapping."""
        mapping = super().__get_pydantic_json_schema__(core, describe)
        return {"anyOf": [_CLAIM_SCHEMA, describe.resolve_ref_schema(mapping)]}

    @classmethod
    def parse(cls, written: object) -> "Expectation":
        """Return the expectation that a text or a mapping states.

        Raises:
            ValueError: If it states none; the message says what to write.
        """
        is_text = isinstance(written, str)
        return cls.model_validate({"that": _claim(written)} if is_text else written)

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        return value if isinstance(value, (dict, cls)) else {"that": _claim(value)}

    @model_serializer(mode="wrap")
    def _as_text(self, write: SerializerFunctionWrapHandler) -> Any:
        is_plain = self.level == "fail" and not self.because
        return str(self.that) if is_plain else write(self)

    @override
    def __str__(self) -> str:
        return str(self.that)

    def judge(self, estimate: Interval) -> "Verdict":
        """Return what the replications say, from the 95 % interval of the mean.

        It passes only if the whole interval satisfies the claim, and fails only if no
        part of it does. An interval without width decides always. A metric that is
        missing in some replications can fail, but cannot pass: the mean of those that
        have it says nothing of the others.
        """
        low, high = estimate.low, estimate.high
        if low is None or high is None:
            return self._undecided(estimate, estimate.reason or _ONE_REPLICATION)
        truth = self.that.truth(low, high)
        if truth == "fails":
            return self._verdict("fail", estimate, estimate.reason)
        if estimate.reason is not None:
            return self._undecided(estimate, estimate.reason)
        if truth == "holds":
            return self._verdict("pass", estimate, None)
        return self._undecided(estimate, "the limit lies within the 95 % interval")

    def _undecided(self, estimate: Interval, reason: str) -> "Verdict":
        needed = replications_to_decide(estimate, self.that.limit)
        return self._verdict("undecided", estimate, reason, needed)

    def _verdict(
        self,
        state: State,
        estimate: Interval,
        reason: str | None,
        needed: int | None = None,
    ) -> "Verdict":
        mean, low, high = estimate.mean, estimate.low, estimate.high
        return Verdict(self, state, mean, low, high, reason, needed)


_ONE_REPLICATION = "one replication has no interval: run two or more"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the runs say of an expectation, and on which interval.

    Attributes:
        expectation: What was expected.
        state: Whether it is met; undecided if the runs cannot tell.
        mean: Mean of the metric, in its unit; None where no replication has it.
        low: Lower end of the 95 % interval of the mean.
        high: Upper end of the 95 % interval of the mean.
        reason: Why it is undecided, or in how many replications the metric is missing.
        replications_to_decide: Roughly how many replications would decide; None if no
            number of them is known to.
    """

    expectation: Expectation
    state: State
    mean: float | None
    low: float | None
    high: float | None
    reason: str | None = None
    replications_to_decide: int | None = None

    @property
    def is_broken(self) -> bool:
        """Whether the run must fail: not met, and more than a warning."""
        return self.state == "fail" and self.expectation.level == "fail"

    def document(self) -> dict[str, Any]:
        """Return the verdict as the result document shows it."""
        has_interval = self.low is not None and self.high is not None
        return {
            "that": str(self.expectation),
            "level": self.expectation.level,
            "because": self.expectation.because,
            "state": self.state,
            "mean": self.mean,
            "ci95": [self.low, self.high] if has_interval else None,
            "reason": self.reason,
            "replications_to_decide": self.replications_to_decide,
        }


def replications_to_decide(estimate: Interval, limit: float) -> int | None:
    """Return roughly how many replications would part the interval from the limit.

    The half-width of the interval shrinks as 1.96 sd / sqrt(n). None if the mean is
    the limit itself, or if the spread is not known.
    """
    if estimate.mean is None or not estimate.sd or estimate.mean == limit:
        return None
    needed = (_NORMAL_975 * estimate.sd / (estimate.mean - limit)) ** 2
    return max(ceil(needed), estimate.n) + 1
