"""Small parts of a scenario: how often it happens, and what the worker itself costs."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.cost.price_list import PricedUnit
from simcoalesce.distribution import Constant, Latency
from simcoalesce.spec import Spec, default
from simcoalesce.units import (
    NS_PER_S,
    Count,
    Duration,
    OptionalDuration,
    PositiveCount,
    format_duration,
)

_NS_PER_HOUR = 3_600 * NS_PER_S


class Month(Spec):
    """How often all this happens in a month: a number of times, or for some hours."""

    events: PositiveCount | None = None
    """How many times the whole scenario happens."""
    hours: Annotated[float, Field(gt=0, le=744, allow_inf_nan=False)] | None = None
    """For how many hours such traffic flows, e.g. 730 for all the month."""
    base: dict[PricedUnit, Count] | None = None
    """What the rest of the month uses, by unit; it takes of the allowances first."""

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.events is None) == (self.hours is None):
            raise ValueError("write either events (e.g. 20k) or hours (e.g. 300)")
        return self

    def runs(self, duration_ns: int) -> float:
        """Return how many runs of this length make the month."""
        if self.hours is not None:
            return self.hours * _NS_PER_HOUR / duration_ns
        return float(self.events or 0)


class Measure(Spec):
    """Which part of a run is counted: not a warm-up, for example."""

    from_ns: Duration = default("0s")
    """Requests that arrive before, and calls that are made before, are not counted."""
    until_ns: Duration | None = None
    """Nor are those from then on; all to the end if absent."""

    @override
    def __str__(self) -> str:
        until = "on"
        if self.until_ns is not None:
            until = f"to {format_duration(self.until_ns)}"
        return f"metrics count from {format_duration(self.from_ns)} {until}"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until_ns is not None and self.until_ns <= self.from_ns:
            raise ValueError("until is not after from")
        return self


class Worker(Spec):
    """The worker's own code."""

    cpu_ns: Duration = default("1ms")
    """CPU time of a request that no cache before the worker answers; it is billed, and
    takes no time of the request."""
    cold_start: Latency = default("0ms")
    """How long a new isolate takes until it serves; all who meet it meanwhile wait."""
    idle_after_ns: OptionalDuration = default("unlimited")
    """Time without a request after which an isolate is evicted, and with it all that it
    holds in memory."""
    isolate_lifetime: Latency | None = None
    """How long an isolate lives at most; it goes when no request is inside."""

    initial: Literal["none", "all"] | None = None
    """Which isolates are there when the run begins; by default none, or all if nothing
    is said of how they start and go."""

    @property
    def starts_warm(self) -> bool:
        """Whether all isolates are there when the run begins."""
        return self.keeps_isolates if self.initial is None else self.initial == "all"

    @property
    def keeps_isolates(self) -> bool:
        """Whether isolates are there from the start to the end of a run."""
        is_instant = isinstance(self.cold_start, Constant) and (
            not self.cold_start.value_ns
        )
        is_kept = self.idle_after_ns is None and self.isolate_lifetime is None
        return is_instant and is_kept
