"""Traffic that is quiet and busy by turns."""

from collections.abc import Iterator
from itertools import count
from typing import Final, Literal, Self

import numpy as np
from pydantic import model_validator
from typing_extensions import override

from simcoalesce.distribution import Exponential
from simcoalesce.drawn_duration import PositiveDrawnDuration
from simcoalesce.sampler import looked_up
from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.traffic.rate_curve import (
    ArrivalRate,
    ArrivalRateOrZero,
    Piece,
    RateCurve,
    poisson_instants,
)
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import NS_PER_S, PositiveDuration, format_duration

_TURNS: Final = 256


class Mmpp(Arrival):
    """A Markov-modulated Poisson process of two states; it starts quiet.

    Each state lasts an exponential time; in each the requests come at its rate.

    Source:
        Fischer and Meier-Hellstern, "The Markov-modulated Poisson process cookbook",
        Performance Evaluation 18 (1993).
    """

    kind: Literal["mmpp"] = "mmpp"
    quiet_per_s: ArrivalRateOrZero
    """The rate in the quiet state."""
    busy_per_s: ArrivalRate
    """The rate in the busy state."""
    quiet_for_ns: PositiveDrawnDuration
    """The mean time in the quiet state."""
    busy_for_ns: PositiveDrawnDuration
    """The mean time in the busy state."""
    for_ns: PositiveDuration | None = None
    """How long; by default to the end of the scenario."""

    @model_validator(mode="after")
    def _busy_above_quiet(self) -> "Mmpp":
        if self.busy_per_s <= self.quiet_per_s:
            raise ValueError("busy is not above quiet")
        return self

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(
            update={
                "quiet_per_s": self.quiet_per_s * factor,
                "busy_per_s": self.busy_per_s * factor,
            }
        )

    @override
    def expected_requests(self, until_ns: int) -> float:
        quiet = self.quiet_per_s * self.quiet_for_ns
        busy = self.busy_per_s * self.busy_for_ns
        mean_per_s = (quiet + busy) / (self.quiet_for_ns + self.busy_for_ns)
        return mean_per_s * min(self.for_ns or until_ns, until_ns) / NS_PER_S

    @override
    def turns(self, until_ns: int) -> tuple[int, str]:
        mean_ns = self.quiet_for_ns + self.busy_for_ns
        return 2 * min(self.for_ns or until_ns, until_ns) // mean_ns, "quiet_for"

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        curves = self._curves(streams, self.for_ns or until_ns)
        return poisson_instants(curves, streams.stream("arrivals"))

    def _curves(self, streams: PhaseStreams, until_ns: int) -> Iterator[RateCurve]:
        stream = streams.stream("turns")
        stays = [_mean(self.quiet_for_ns), _mean(self.busy_for_ns)]
        tables = [stay.quantiles_ns() for stay in stays]
        rates = (self.quiet_per_s, self.busy_per_s)
        start_ns = 0
        for first in count(step=_TURNS):
            bits = stream.bits_of(np.arange(first, first + _TURNS))
            lasts = np.empty(_TURNS, dtype=np.int64)
            for state in (0, 1):
                lasts[state::2] = looked_up(tables[state], bits[state::2])
            ends = np.minimum(start_ns + np.cumsum(lasts), until_ns)
            pieces: list[Piece] = [
                (float(stay), rates[turn % 2], rates[turn % 2])
                for turn, stay in enumerate(np.diff(ends, prepend=start_ns).tolist())
                if stay
            ]
            if pieces:
                yield RateCurve(pieces, start_ns)
            start_ns = int(ends[-1])
            if start_ns >= until_ns:
                return


def _mean(duration_ns: int) -> Exponential:
    return Exponential.model_validate({"exponential": format_duration(duration_ns)})
