"""A rate that rises or falls in a straight line."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.traffic.rate_curve import (
    ArrivalRateOrZero,
    RateCurve,
    under_curve,
)
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import PositiveDuration


class Ramp(Arrival):
    """Poisson requests at a rate that goes from one value to another, then stops."""

    kind: Literal["ramp"] = "ramp"
    from_per_s: ArrivalRateOrZero
    """The rate at the start."""
    to_per_s: ArrivalRateOrZero
    """The rate at the end."""
    for_ns: PositiveDuration
    """How long it takes."""

    @model_validator(mode="after")
    def _some_rate(self) -> "Ramp":
        if not self.from_per_s and not self.to_per_s:
            raise ValueError("from and to are both zero; write e.g. to: 200/s")
        return self

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(
            update={
                "from_per_s": self.from_per_s * factor,
                "to_per_s": self.to_per_s * factor,
            }
        )

    @override
    def expected_requests(self, until_ns: int) -> float:
        return self._curve.requests_until(until_ns)

    @override
    def evenly(self, rest_ns: int, lasts_ns: int) -> Mapping[str, Any] | None:
        return self.at_one_rate(rest_ns, lasts_ns)

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        return under_curve(self._curve, streams.stream("arrivals"))

    @property
    def _curve(self) -> RateCurve:
        return RateCurve([(self.for_ns, self.from_per_s, self.to_per_s)])
