"""Rates that change over time, and the Poisson arrivals they bring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from simcoalesce.randomness import Stream
from simcoalesce.traffic.drawn_instants import DrawnInstants
from simcoalesce.traffic.unit_process import Instants, unit_arrivals
from simcoalesce.units import NS_PER_S, Rate, format_rate, parse_rate

FASTEST_PER_S: Final = 1e9

Piece = tuple[float, float, float]
"""How long it lasts (ns), the rate at its start and at its end (per second)."""


def _at_most_one_per_ns(rate_per_s: float) -> float:
    if rate_per_s > FASTEST_PER_S:
        raise ValueError("a rate is at most 1G/s, a request each nanosecond")
    return rate_per_s


def _rate_or_zero(value: object) -> float:
    number, _, _ = str(value).partition("/")
    is_zero = "/" in str(value) and not number.strip(" 0.")
    return 0.0 if is_zero else parse_rate(value)


ArrivalRate = Annotated[Rate, AfterValidator(_at_most_one_per_ns)]
"""Requests per second, above zero, written ``200/s``."""

ArrivalRateOrZero = Annotated[
    float,
    BeforeValidator(_rate_or_zero),
    AfterValidator(_at_most_one_per_ns),
    PlainSerializer(format_rate, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["200/s", "0/s"]}),
]
"""Requests per second, written ``200/s``; ``0/s`` is none."""


class RateCurve:
    """A rate that changes in straight lines, piece by piece.

    The n-th arrival comes when the area under the curve reaches the n-th arrival of
    the unit process; where the rate is a straight line that is a square root.

    Attributes:
        area: The area before each piece, and that under the whole curve.
        rate: The rate at the start of each piece, per nanosecond.
        slope: How it rises within it, per nanosecond.
        starts_ns: When each piece starts.
        ends_ns: When it ends.

    Source:
        Çinlar, "Introduction to Stochastic Processes", 1975, section 4.7.
    """

    __slots__ = ("area", "ends_ns", "rate", "slope", "starts_ns")

    def __init__(self, pieces: Sequence[Piece], start_ns: float = 0.0) -> None:
        lasts = np.array([piece[0] for piece in pieces])
        first = np.array([piece[1] for piece in pieces]) / NS_PER_S
        last = np.array([piece[2] for piece in pieces]) / NS_PER_S
        self.ends_ns = start_ns + np.cumsum(lasts)
        self.starts_ns = np.append(start_ns, self.ends_ns[:-1])
        self.rate = first
        self.slope = np.divide(
            last - first, lasts, out=np.zeros(len(lasts)), where=lasts > 0
        )
        self.area = np.append(0.0, np.cumsum(lasts * (first + last) / 2))

    @property
    def requests(self) -> float:
        """How many requests are expected under the whole curve."""
        return float(self.area[-1])

    def requests_until(self, instant_ns: float) -> float:
        """Return how many requests are expected before an instant."""
        last = len(self.rate) - 1
        piece = min(int(np.searchsorted(self.ends_ns, instant_ns)), last)
        since_ns = min(instant_ns, self.ends_ns[piece]) - self.starts_ns[piece]
        rate = self.rate[piece] + self.slope[piece] * since_ns / 2
        return float(self.area[piece] + since_ns * rate)

    @property
    def ends_at_ns(self) -> float:
        """When the last piece ends."""
        return float(self.ends_ns[-1])

    def instants_ns(self, areas: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return when the area under the curve reaches each value, shape (n,).

        Args:
            areas: Expected requests, ascending, in [0, `requests`).
        """
        # A curve of one piece has the same rate for all: no need to look it up.
        is_one = len(self.rate) == 1
        piece = 0 if is_one else np.searchsorted(self.area[1:-1], areas, side="right")
        rate, slope = self.rate[piece], self.slope[piece]
        left = areas - self.area[piece]
        risen = 0.0 if is_one and slope == 0 else 2 * slope * left
        reached = np.sqrt(np.maximum(rate * rate + risen, 0))
        left *= 2
        # Where nothing is left the rate may be zero, and the quotient is zero too.
        left /= np.maximum(rate + reached, np.finfo(np.float64).tiny)
        left += self.starts_ns[piece]
        np.minimum(left, self.ends_ns[piece], out=left)
        instants = np.rint(left, out=left).astype(np.int64)
        np.minimum(instants, int(np.ceil(self.ends_at_ns)) - 1, out=instants)
        return np.maximum.accumulate(instants)


@dataclass
class PoissonInstants(DrawnInstants):
    """The Poisson arrivals under one curve.

    Attributes:
        curve: The curve.
        stream: The draws.
    """

    curve: RateCurve
    stream: Stream


def under_curve(curve: RateCurve, stream: Stream) -> PoissonInstants:
    """Return the Poisson arrivals under one curve."""
    return PoissonInstants(poisson_instants(iter([curve]), stream), curve, stream)


def poisson_instants(curves: Iterator[RateCurve], stream: Stream) -> Instants:
    """Yield the Poisson arrivals under curves that follow each other, in blocks."""
    arrivals = unit_arrivals(stream)
    pending = next(arrivals)
    area, latest_ns = 0.0, 0
    for curve in curves:
        while True:
            inside = int(np.searchsorted(pending, area + curve.requests))
            if inside:
                instants = curve.instants_ns(pending[:inside] - area)
                # The last bit of a square root may step back over a block's edge.
                yield np.maximum(instants, latest_ns, out=instants)
                latest_ns = int(instants[-1])
            pending = pending[inside:]
            if len(pending):
                break
            pending = next(arrivals)
        area += curve.requests
