"""Requests at equal distances."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.traffic.grid import instants_at_rate, instants_on_grid
from simcoalesce.traffic.rate_curve import ArrivalRate
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import NS_PER_S, PositiveCount, PositiveDuration

_WAYS: Final = (
    (True, True, False, False),
    (False, False, True, True),
    (False, False, True, False),
)


class Even(Arrival):
    """Requests like a metronome's beats, exact to the nanosecond; no chance in it.

    Written with ``requests`` and ``every_request``, or with ``rate`` and ``for``.
    """

    kind: Literal["even"] = "even"
    requests: PositiveCount | None = None
    """How many requests come."""
    every_request_ns: PositiveDuration | None = None
    """From one request to the next."""
    rate_per_s: ArrivalRate | None = None
    """Requests per second."""
    for_ns: PositiveDuration | None = None
    """How long the rate lasts; by default to the end of the scenario."""

    @model_validator(mode="after")
    def _one_way_of_saying_it(self) -> "Even":
        written = (self.requests, self.every_request_ns, self.rate_per_s, self.for_ns)
        if tuple(value is not None for value in written) not in _WAYS:
            raise ValueError(
                "write either requests and every_request, or rate and for, e.g."
                " {requests: 800, every_request: 0.5ms} or {rate: 200/s, for: 10s}"
            )
        return self

    @override
    def denser(self, factor: float) -> Self:
        if self.rate_per_s is not None:
            return self.model_copy(update={"rate_per_s": self.rate_per_s * factor})
        every_ns, requests = self.every_request_ns or 0, self.requests or 0
        closer = {
            "every_request_ns": round(every_ns / factor),
            "requests": max(round(requests * factor), 1),
        }
        return self.model_copy(update=closer)

    @override
    def expected_requests(self, until_ns: int) -> float:
        if self.rate_per_s is None:
            within = until_ns // (self.every_request_ns or 1) + 1
            return float(min(self.requests or 0, within))
        lasts_ns = min(self.for_ns or until_ns, until_ns)
        return self.rate_per_s * lasts_ns / NS_PER_S

    @override
    def evenly(self, rest_ns: int, lasts_ns: int) -> Mapping[str, Any] | None:
        step_ns = rest_ns // (self.requests or 1)
        if self.requests is None or step_ns <= (self.every_request_ns or 0):
            return None
        if self.expected_requests(lasts_ns) < self.requests:
            return None
        kept = self.document()
        kept.pop("until", None)
        return kept | {"every_request": f"{step_ns}ns"}

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        if self.rate_per_s is not None:
            return instants_at_rate(self.rate_per_s, self.for_ns or until_ns)
        every_ns = self.every_request_ns or 1
        most = min(self.requests or 0, -(-until_ns // every_ns))
        return instants_on_grid(Fraction(every_ns), most)
