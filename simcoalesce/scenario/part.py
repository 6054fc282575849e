"""Small parts of a scenario: how often it happens, and what the worker itself costs."""

from typing import Annotated, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.cost.price_list import PricedUnit
from simcoalesce.spec import Spec, default
from simcoalesce.units import (
    NS_PER_S,
    Count,
    Duration,
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
