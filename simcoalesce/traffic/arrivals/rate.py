"""A steady rate."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from typing_extensions import override

from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.traffic.grid import instants_at_rate
from simcoalesce.traffic.rate_curve import ArrivalRate, RateCurve, under_curve
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import NS_PER_S, PositiveDuration


class RateOfRequests(Arrival):
    """Requests at a steady rate, independent of each other or evenly spaced."""

    kind: Literal["rate"] = "rate"
    rate_per_s: ArrivalRate
    """Requests per second."""
    for_ns: PositiveDuration | None = None
    """How long; by default to the end of the scenario."""
    process: Literal["poisson", "even"] = "poisson"
    """``poisson``: clients who do not know of each other; ``even``: a metronome."""

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(update={"rate_per_s": self.rate_per_s * factor})

    @override
    def expected_requests(self, until_ns: int) -> float:
        lasts_ns = min(self.for_ns or until_ns, until_ns)
        return self.rate_per_s * lasts_ns / NS_PER_S

    @override
    def evenly(self, rest_ns: int, lasts_ns: int) -> Mapping[str, Any] | None:
        is_even = min(self.for_ns or lasts_ns, lasts_ns) == rest_ns
        if is_even or self.process == "even":
            return None
        return self.at_one_rate(rest_ns, lasts_ns)

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        lasts_ns = self.for_ns or until_ns
        if self.process == "even":
            return instants_at_rate(self.rate_per_s, lasts_ns)
        curve = RateCurve([(lasts_ns, self.rate_per_s, self.rate_per_s)])
        return under_curve(curve, streams.stream("arrivals"))
