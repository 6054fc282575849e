"""A flash crowd: the rate rises, stays, and dies away."""

from collections.abc import Mapping
from itertools import pairwise
from math import exp
from typing import Any, Final, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.traffic.rate_curve import (
    ArrivalRate,
    ArrivalRateOrZero,
    Piece,
    RateCurve,
    under_curve,
)
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import Duration, PositiveDuration

_TIME_CONSTANTS: Final = 10
_PIECES_PER_TIME_CONSTANT: Final = 32


class FlashCrowd(Arrival):
    """Poisson requests: a straight rise to the peak, then an exponential decay.

    The decay is made of straight pieces, 0.01 % off at most, and ends after ten time
    constants, with 0.005 % of the traffic left.

    Source:
        Ari et al., "Managing flash crowds on the Internet", MASCOTS 2003, section 3
        (ramp up, sustained, ramp down).
    """

    kind: Literal["flash_crowd"] = "flash_crowd"
    base_per_s: ArrivalRateOrZero = Field("0/s", validate_default=True)
    """The rate without the traffic, from the start of the phase on."""
    peak_per_s: ArrivalRate
    """The highest rate."""
    rise_ns: Duration = Field("0ms", validate_default=True)
    """From the start to the peak."""
    hold_ns: Duration = Field("0ms", validate_default=True)
    """How long the peak lasts."""
    decay_ns: PositiveDuration
    """The time constant of the decay: so long after the peak 37 % of it is left."""

    @model_validator(mode="after")
    def _peak_above_base(self) -> "FlashCrowd":
        if self.peak_per_s <= self.base_per_s:
            raise ValueError("peak is not above base")
        return self

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(
            update={
                "base_per_s": self.base_per_s * factor,
                "peak_per_s": self.peak_per_s * factor,
            }
        )

    @override
    def expected_requests(self, until_ns: int) -> float:
        return self._curve(until_ns).requests_until(until_ns)

    @override
    def evenly(self, rest_ns: int, lasts_ns: int) -> Mapping[str, Any] | None:
        return self.at_one_rate(rest_ns, lasts_ns)

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        return under_curve(self._curve(until_ns), streams.stream("arrivals"))

    def _curve(self, until_ns: int) -> RateCurve:
        base, peak = self.base_per_s, self.peak_per_s
        pieces = [
            (self.rise_ns, base, peak),
            (self.hold_ns, peak, peak),
            *self._decay(),
        ]
        rest_ns = until_ns - sum(piece[0] for piece in pieces)
        if rest_ns > 0:
            pieces.append((rest_ns, base, base))
        return RateCurve([piece for piece in pieces if piece[0]])

    def _decay(self) -> list[Piece]:
        traffic = self.peak_per_s - self.base_per_s
        rates = [
            self.base_per_s + traffic * exp(-i / _PIECES_PER_TIME_CONSTANT)
            for i in range(_TIME_CONSTANTS * _PIECES_PER_TIME_CONSTANT + 1)
        ]
        lasts_ns = self.decay_ns / _PIECES_PER_TIME_CONSTANT
        return [(lasts_ns, first, last) for first, last in pairwise(rates)]
