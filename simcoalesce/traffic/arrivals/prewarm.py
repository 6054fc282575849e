"""Pre-warming: before a sale, somebody asks for each key, at each location."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.traffic.arrival import Arrival, PhaseArrivals, PhaseStreams
from simcoalesce.traffic.recording import NOT_LOGGED, Recording
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import NS_PER_S, OptionalPositiveCount, PositiveCount, Rate


class Prewarm(Arrival):
    """A script that walks the keys, the most popular first, at each location at once.

    Its requests are requests like others: they are counted, answered and billed. Let
    `measure: {from: 30s}` begin to count behind them.
    """

    takes_pages: ClassVar[bool] = False

    kind: Literal["prewarm"] = "prewarm"
    rate_per_s: Rate
    """Keys per second at each location."""
    top: OptionalPositiveCount = None
    """How many of the keys it walks, in the order of the traffic; all if absent."""
    rounds: PositiveCount = 1
    """How often it walks them."""
    locations: tuple[str, ...] = ()
    """At which locations; at all of the traffic if empty."""

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(update={"rate_per_s": self.rate_per_s * factor})

    @override
    def expected_requests(self, until_ns: int) -> float:
        # At each location, and as if there were keys enough.
        most = self.rate_per_s * until_ns / NS_PER_S
        return most if self.top is None else min(most, self.top * self.rounds)

    @override
    def copies(self, locations: int) -> int:
        return len(self.locations) or locations

    @override
    def generate(self, streams: PhaseStreams, until_ns: int) -> PhaseArrivals:
        names = streams.keys[: self.top]
        places = self.locations or streams.locations
        within = int(self.rate_per_s * until_ns / NS_PER_S) + 1
        steps = np.arange(min(len(names) * self.rounds, within))
        at_ns = np.rint(steps * (NS_PER_S / self.rate_per_s)).astype(np.int64)
        steps = np.repeat(steps[at_ns < until_ns], len(places))
        walk = _walk(steps % max(len(names), 1), at_ns[steps], names, places)
        return PhaseArrivals(iter((walk.at_ns,)), recording=walk)

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        return self.generate(streams, until_ns).instants


def _walk(
    key: NDArray[np.int64],
    at_ns: NDArray[np.int64],
    keys: tuple[str, ...],
    locations: Sequence[str],
) -> Recording:
    """Return what is asked for, and where, as a log says it."""
    return Recording(
        name="prewarm",
        at_ns=at_ns,
        key=key.astype(np.int32),
        location=(np.arange(len(key)) % max(len(locations), 1)).astype(np.int32),
        isolate=np.full(len(key), NOT_LOGGED, dtype=np.int32),
        keys=keys,
        locations=tuple(locations),
        stamp_ns=1,
        warnings=(),
    )
