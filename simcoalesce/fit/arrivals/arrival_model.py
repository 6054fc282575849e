"""The idea of a law of arrivals: a rate in time with a few parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias

from simcoalesce.fit.arrivals.observed_arrivals import Floats, ObservedArrivals

Quantity: TypeAlias = Literal["rate", "instant", "span"]
"""What a parameter is: it is searched in ratios, or (an instant) in steps."""

MOST_DIGITS: Final = 4


@dataclass(frozen=True)
class Segment:
    """A time in which the rate seems to be the same."""

    from_s: float
    until_s: float
    rate_per_s: float

    @property
    def length_s(self) -> float:
        """How long it is."""
        return self.until_s - self.from_s


@dataclass(frozen=True)
class ArrivalSurge:
    """Neighbouring segments with more arrivals than the base rate brings."""

    segments: tuple[Segment, ...]
    excess: float

    @property
    def from_s(self) -> float:
        """Where it begins."""
        return self.segments[0].from_s

    @property
    def until_s(self) -> float:
        """Where it ends."""
        return self.segments[-1].until_s

    @property
    def peak(self) -> Segment:
        """The segment with the highest rate."""
        return max(self.segments, key=lambda one: one.rate_per_s)


class ArrivalModel:
    """Poisson arrivals at a rate in time; a law can be written as phases."""

    name: ClassVar[str]
    """What tables call it."""

    def __init__(self, start: Sequence[float], ends_s: float) -> None:
        """Begin with a first guess of the parameters."""
        self.first_guess = [float(one) for one in start]
        self.ends_s = ends_s

    @property
    def quantities(self) -> Sequence[Quantity]:
        """What each parameter is."""
        raise NotImplementedError

    def is_possible(self, values: Floats) -> bool:
        """Whether parameters have a meaning: phases lie within the time observed."""
        raise NotImplementedError

    def rate(self, values: Floats, at_s: Floats) -> Floats:
        """Return arrivals per second at instants, shape (n,)."""
        raise NotImplementedError

    def expected(self, values: Floats, at_s: Floats) -> Floats:
        """Return expected arrivals from t = 0 to instants, shape (n,)."""
        raise NotImplementedError

    def phases(self, values: Floats) -> list[dict[str, Any]]:
        """Return the phases of a scenario, in numbers.

        Rates are per second, instants and spans in seconds, and keys those of the
        arrivals: ``{"kind": "rate", "rate": 150.0}``.
        """
        raise NotImplementedError

    def log_likelihood(self, observed: ObservedArrivals, values: Floats) -> float:
        """Return the log-likelihood of parameters."""
        return observed.log_likelihood(
            lambda at_s: self.rate(values, at_s),
            lambda at_s: self.expected(values, at_s),
        )
