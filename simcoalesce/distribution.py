"""How long a thing takes: a distribution as a table of whole-nanosecond quantiles.

A draw is one table look-up with integer interpolation, so it is the same number on
every machine, in every engine, alone or in bulk. The table is finer where the upper
tail is thin: each halving of the tail has 128 cells, down to a tail of 2^-34. Its
error is below 1e-4 of the value above the lowest twentieth, and so is the mean's, for
spreads of up to five times the mean.
"""

from functools import lru_cache
from math import log, sqrt
from statistics import NormalDist
from typing import Annotated, Any, Final

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    model_serializer,
    model_validator,
)
from typing_extensions import override

from simcoalesce.drawn_duration import DrawnDuration, FewParts, PositiveDrawnDuration
from simcoalesce.randomness import Stream
from simcoalesce.recorded import RecordedDurations
from simcoalesce.run_bounds import LONGEST_DRAW_NS
from simcoalesce.sampler import CELLS, HALVINGS, Quantiles, Recorded, Sampler, mixed
from simcoalesce.spec import NamedFile, Spec
from simcoalesce.units import Duration, Ratio, format_duration

_ROUNDING: Final = 1e-9


@lru_cache(maxsize=1)
def _tails() -> NDArray[np.float64]:
    """Return P(X > value) for each entry of a table, descending values first."""
    cells = np.arange(HALVINGS * CELLS + 1)
    octave, within = np.divmod(cells, CELLS)
    tails: NDArray[np.float64] = np.ldexp(1.0 + within / CELLS, octave - HALVINGS)
    return tails


@lru_cache(maxsize=1)
def _normal_scores() -> NDArray[np.float64]:
    """Return the standard normal quantile of each entry; the last is the median's."""
    # Probability 1 has no quantile: the lowest cell ends at a tail of 1 - 2^-9.
    tails = np.minimum(_tails(), 1 - 2.0**-9)
    inverse = NormalDist().inv_cdf
    return np.array([-inverse(tail) for tail in tails.tolist()])


def _whole_ns(values_ns: NDArray[np.float64]) -> NDArray[np.int64]:
    whole: NDArray[np.int64] = np.clip(np.rint(values_ns), 0, LONGEST_DRAW_NS).astype(
        np.int64
    )
    return whole


class Distribution(Spec):
    """How long a thing takes."""

    def quantiles_ns(self) -> NDArray[np.int64]:
        """Return the value at each tail probability of the table.

        Returns:
            Nanoseconds, shape (34 * 128 + 1,): the quantile at 1 - tail.
        """
        raise NotImplementedError

    def sampler(self, seed: int, stream: str) -> Sampler:
        """Return the draws of one run from the named stream."""
        return Quantiles(_table(self), Stream(seed, stream))

    @property
    def expected_ns(self) -> float:
        """The mean of what is drawn, in nanoseconds."""
        table = _table(self).astype(np.float64)
        middles = (table[1:] + table[:-1]) / 2
        return float(np.dot(middles, np.diff(_tails())))


@lru_cache(maxsize=256)
def _table(distribution: Distribution) -> NDArray[np.int64]:
    return distribution.quantiles_ns()


class Constant(Distribution):
    """Always the same."""

    value_ns: Duration

    @model_serializer
    def _as_text(self) -> str:
        return format_duration(self.value_ns)

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        return np.full(HALVINGS * CELLS + 1, self.value_ns, dtype=np.int64)


class Lognormal(Distribution):
    """Lognormal with the given median and 99th percentile."""

    median_ns: PositiveDrawnDuration
    p99_ns: PositiveDrawnDuration

    @model_validator(mode="after")
    def _p99_above_median(self) -> "Lognormal":
        if self.p99_ns < self.median_ns:
            raise ValueError(
                "p99 is below the median; write e.g. {median: 80ms, p99: 400ms}"
            )
        return self

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        sigma = log(self.p99_ns / self.median_ns) / NormalDist().inv_cdf(0.99)
        return _whole_ns(self.median_ns * np.exp(sigma * _normal_scores()))


class MeanAndSpread(Distribution):
    """Lognormal with the given mean and coefficient of variation."""

    mean_ns: PositiveDrawnDuration
    cv: Annotated[float, Field(ge=0, le=100)]
    """Standard deviation / mean."""

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        variance = log(1 + self.cv**2)
        median = self.mean_ns / sqrt(1 + self.cv**2)
        return _whole_ns(median * np.exp(sqrt(variance) * _normal_scores()))


class Exponential(Distribution):
    """Exponential with the given mean."""

    exponential_ns: PositiveDrawnDuration

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        return _whole_ns(-np.log(_tails()) * self.exponential_ns)


class Weibull(Distribution):
    """Weibull: who has waited long leaves ever more (shape above 1) or less readily.

    Source:
        Weibull, "A statistical distribution function of wide applicability", Journal
        of Applied Mechanics 18 (1951): P(X > t) = exp(-(t / scale)^shape).
    """

    weibull_ns: PositiveDrawnDuration
    """The scale: 37 % take longer."""
    shape: Annotated[float, Field(ge=0.3, le=10)]
    """1 is exponential."""

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        return _whole_ns((-np.log(_tails())) ** (1 / self.shape) * self.weibull_ns)


class Uniform(Distribution):
    """Uniform between two durations."""

    uniform: tuple[DrawnDuration, DrawnDuration]

    @model_validator(mode="after")
    def _in_order(self) -> "Uniform":
        if self.uniform[0] > self.uniform[1]:
            raise ValueError("the first duration is above the second")
        return self

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        low, high = self.uniform
        return _whole_ns(high - (high - low) * _tails())


def _recorded_quantiles_ns(durations_ns: list[int]) -> NDArray[np.int64]:
    recorded = np.array(durations_ns, dtype=np.float64)
    return _whole_ns(np.quantile(recorded, 1 - _tails()))


class Empirical(RecordedDurations, Distribution):
    """What a file of durations holds; between two of them, in a straight line."""

    empirical: NamedFile

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        return _recorded_quantiles_ns(self.durations_ns(self.empirical))


class ReplayedLatency(RecordedDurations, Distribution):
    """The i-th call takes the i-th duration of a file; after the last, the first."""

    replay: NamedFile

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        return _recorded_quantiles_ns(self.durations_ns(self.replay))

    @override
    def sampler(self, seed: int, stream: str) -> Sampler:
        return Recorded(self.durations_ns(self.replay))


class Part(Spec):
    """A part of a mixture."""

    share_ratio: Ratio
    """Its share of the draws."""
    takes: "Latency"
    """How long it takes."""


class Mixture(Distribution):
    """One of several distributions, each for a share of the draws."""

    mixture: Annotated[tuple[Part, ...], Field(min_length=1), FewParts]

    @model_validator(mode="after")
    def _shares_are_all(self) -> "Mixture":
        if abs(sum(part.share_ratio for part in self.mixture) - 1) > _ROUNDING:
            raise ValueError("the shares of a mixture sum to 100%")
        is_replayed = [isinstance(part.takes, ReplayedLatency) for part in self.mixture]
        if any(is_replayed):
            raise ValueError(
                "replay in a mixture has no order; write {empirical: file}"
            )
        return self

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        tables = [part.takes.quantiles_ns() for part in self.mixture]
        shares = [part.share_ratio for part in self.mixture]
        return _whole_ns(mixed(tables, shares, _tails()))


_FORM_OF_KEY: Final = {
    "value": "constant",
    "median": "lognormal",
    "p99": "lognormal",
    "mean": "mean_and_spread",
    "cv": "mean_and_spread",
    "exponential": "exponential",
    "uniform": "uniform",
    "weibull": "weibull",
    "shape": "weibull",
    "mixture": "mixture",
    "empirical": "empirical",
    "replay": "replay",
}


def _form_of(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else type(value).model_fields
    for key in keys:
        plain = str(key).removesuffix("_ns")
        if plain in _FORM_OF_KEY:
            return _FORM_OF_KEY[plain]
    return None


def _mapping(value: Any) -> Any:
    return value if isinstance(value, (dict, Distribution)) else {"value": value}


Latency = Annotated[
    Annotated[Constant, Tag("constant")]
    | Annotated[Lognormal, Tag("lognormal")]
    | Annotated[MeanAndSpread, Tag("mean_and_spread")]
    | Annotated[Exponential, Tag("exponential")]
    | Annotated[Uniform, Tag("uniform")]
    | Annotated[Weibull, Tag("weibull")]
    | Annotated[Mixture, Tag("mixture")]
    | Annotated[Empirical, Tag("empirical")]
    | Annotated[ReplayedLatency, Tag("replay")],
    Discriminator(
        _form_of,
        custom_error_type="latency",
        custom_error_message=(
            "not a latency; write 80ms, lognormal {median: 80ms, p99: 400ms} or"
            " {mean: 80ms, cv: 0.1},"
            " {exponential: 80ms}, {uniform: [60ms, 90ms]}, {weibull: 80ms, shape: 2},"
            " {mixture: [{share: 20%, takes: 1s}, {share: 80%, takes: 80ms}]},"
            " {empirical: file.csv} or {replay: file.csv}"
        ),
    ),
    BeforeValidator(_mapping),
]
"""A constant such as ``80ms``, or one of the other distributions."""

Part.model_rebuild()
Mixture.model_rebuild()
