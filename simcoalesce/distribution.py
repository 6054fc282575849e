"""How long a thing takes: a distribution as a table of whole-nanosecond quantiles.

A draw is one table look-up with integer interpolation, so it is the same number on
every machine, in every engine, alone or in bulk. The table is finer where the upper
tail is thin: each halving of the tail has 128 cells, down to a tail of 2^-34. Its
error is below 1e-5 of the value, and the mean's below 1e-6.
"""

import csv
from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from math import log, sqrt
from pathlib import Path
from statistics import NormalDist
from typing import Annotated, Any, Final, Protocol

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

from simcoalesce.randomness import Stream
from simcoalesce.spec import NamedFile, Spec
from simcoalesce.units import (
    NS_PER_S,
    Duration,
    PositiveDuration,
    format_duration,
    parse_duration,
)

_CELLS: Final = 128
_HALVINGS: Final = 34
_LOWEST: Final = (53 - _HALVINGS) * _CELLS
_LONGEST_NS: Final = 30 * 86_400 * NS_PER_S


class Sampler(Protocol):
    """Draws durations for requests."""

    constant_ns: int | None
    """The duration, if it is always the same."""

    def draw(self, request: int, attempt: int = 0) -> int:
        """Return the duration of a request's attempt, in nanoseconds."""


class Quantiles:
    """Draws from a table of quantiles."""

    __slots__ = ("cells", "constant_ns", "stream", "table")

    def __init__(self, table: NDArray[np.int64], stream: Stream) -> None:
        self.table = table
        # Quantiles do not rise along the table: equal ends are one value.
        is_constant = table[0] == table[-1]
        self.constant_ns: int | None = int(table[0]) if is_constant else None
        self.cells: list[int] = [] if is_constant else table.tolist()
        self.stream = stream

    def draw(self, request: int, attempt: int = 0) -> int:
        """Return the duration of a request's attempt, in nanoseconds."""
        if self.constant_ns is not None:
            return self.constant_ns
        tail = (self.stream.bits(request, attempt) >> 11) | 1
        octave = tail.bit_length() - 1
        mantissa = (tail << (53 - octave)) & 0x1FFFFFFFFFFFFF
        cell = (octave << 7) + (mantissa >> 46) - _LOWEST
        if cell < 0:
            return self.cells[0]
        upper, lower = self.cells[cell], self.cells[cell + 1]
        return upper + ((lower - upper) * ((mantissa >> 26) & 0xFFFFF) >> 20)

    def draw_many(self, requests: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the durations of many requests, equal to `draw` one by one.

        Args:
            requests: Request ids, shape (n,).

        Returns:
            Nanoseconds, shape (n,).
        """
        return looked_up(self.table, self.stream.bits_of(requests))


def looked_up(table: NDArray[np.int64], bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return what a table of quantiles holds for each 64 random bits, shape (n,)."""
    tail = (bits >> np.uint64(11)) | np.uint64(1)
    # A float has what the table wants: the octave, then 7 bits, then 20 bits.
    pattern = tail.astype(np.float64).view(np.int64)
    cell = (pattern >> 45) - ((1023 << 7) + _LOWEST)
    place = (pattern >> 25) & 0xFFFFF
    place[cell < 0] = 0
    np.maximum(cell, 0, out=cell)
    upper: NDArray[np.int64] = table[cell]
    step = table[cell + 1] - upper
    # In two halves, since a product of 52 and 20 bits does not fit in 64.
    drawn: NDArray[np.int64] = (step >> 20) * place + ((step & 0xFFFFF) * place >> 20)
    return upper + drawn


class _Recorded:
    """Gives recorded durations in their order, and starts again at the end."""

    __slots__ = ("constant_ns", "given", "recorded_ns")

    def __init__(self, recorded_ns: list[int]) -> None:
        self.recorded_ns = recorded_ns
        self.given = 0
        self.constant_ns: int | None = None

    def draw(self, request: int, attempt: int = 0) -> int:  # noqa: ARG002 - a Sampler
        """Return the next recorded duration, in nanoseconds."""
        self.given += 1
        return self.recorded_ns[(self.given - 1) % len(self.recorded_ns)]


@lru_cache(maxsize=1)
def _tails() -> NDArray[np.float64]:
    """Return P(X > value) for each entry of a table, descending values first."""
    cells = np.arange(_HALVINGS * _CELLS + 1)
    octave, within = np.divmod(cells, _CELLS)
    return np.ldexp(1.0 + within / _CELLS, octave - _HALVINGS)


@lru_cache(maxsize=1)
def _normal_scores() -> NDArray[np.float64]:
    """Return the standard normal quantile of each entry; the last is the median's."""
    # Probability 1 has no quantile: the lowest cell ends at a tail of 1 - 2^-9.
    tails = np.minimum(_tails(), 1 - 2.0**-9)
    inverse = NormalDist().inv_cdf
    return np.array([-inverse(tail) for tail in tails.tolist()])


def _whole_ns(values_ns: NDArray[np.float64]) -> NDArray[np.int64]:
    whole: NDArray[np.int64] = np.clip(np.rint(values_ns), 0, _LONGEST_NS).astype(
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
        return np.full(_HALVINGS * _CELLS + 1, self.value_ns, dtype=np.int64)


class Lognormal(Distribution):
    """Lognormal with the given median and 99th percentile."""

    median_ns: PositiveDuration
    p99_ns: PositiveDuration

    @model_validator(mode="after")
    def _p99_above_median(self) -> "Lognormal":
        if self.p99_ns < self.median_ns:
            raise ValueError("p99 is below the median")
        return self

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        sigma = log(self.p99_ns / self.median_ns) / NormalDist().inv_cdf(0.99)
        return _whole_ns(self.median_ns * np.exp(sigma * _normal_scores()))


class MeanAndSpread(Distribution):
    """Lognormal with the given mean and coefficient of variation."""

    mean_ns: PositiveDuration
    cv: Annotated[float, Field(ge=0, le=100)]
    """Standard deviation / mean."""

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        variance = log(1 + self.cv**2)
        median = self.mean_ns / sqrt(1 + self.cv**2)
        return _whole_ns(median * np.exp(sqrt(variance) * _normal_scores()))


class Exponential(Distribution):
    """Exponential with the given mean."""

    exponential_ns: PositiveDuration

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        return _whole_ns(-np.log(_tails()) * self.exponential_ns)


class Uniform(Distribution):
    """Uniform between two durations."""

    uniform: tuple[Duration, Duration]

    @model_validator(mode="after")
    def _in_order(self) -> "Uniform":
        if self.uniform[0] > self.uniform[1]:
            raise ValueError("the first duration is above the second")
        return self

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        low, high = self.uniform
        return _whole_ns(high - (high - low) * _tails())


class Empirical(Distribution):
    """What a file of durations holds; between two of them, in a straight line."""

    empirical: NamedFile

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        recorded = np.array(
            recorded_durations_ns(self.empirical.path), dtype=np.float64
        )
        return _whole_ns(np.quantile(recorded, 1 - _tails()))


class Replay(Distribution):
    """The i-th call takes the i-th duration of a file; after the last, the first."""

    replay: NamedFile

    @override
    def quantiles_ns(self) -> NDArray[np.int64]:
        recorded = np.array(recorded_durations_ns(self.replay.path), dtype=np.float64)
        return _whole_ns(np.quantile(recorded, 1 - _tails()))

    @override
    def sampler(self, seed: int, stream: str) -> Sampler:
        return _Recorded(recorded_durations_ns(self.replay.path))


_NS_PER_COLUMN_UNIT: Final = {"s": NS_PER_S, "ms": 1_000_000, "us": 1_000, "ns": 1}


def recorded_durations_ns(path: Path) -> list[int]:
    """Read durations from a CSV, in nanoseconds.

    The file has a column named ``latency_s``, ``t_ms`` or the like (any name that
    ends in ``_s``, ``_ms``, ``_us`` or ``_ns``), or one duration with a unit a line.

    Raises:
        ValueError: If there is no such column, no row, or a row that is no duration.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        units = [name.strip().rpartition("_")[2] for name in header]
        timed = [i for i, unit in enumerate(units) if unit in _NS_PER_COLUMN_UNIT]
        column = timed[0] if timed else 0
        read = _reader(units[column]) if timed else parse_duration
        lines = rows if timed else chain([header], rows)
        durations = [
            _duration_at(path, number, row, column, read)
            for number, row in enumerate(lines, 2 if timed else 1)
            if row
        ]
    if not durations:
        raise ValueError(f"{path.name} holds no duration")
    return durations


def _reader(unit: str) -> Callable[[object], int]:
    return lambda text: round(float(str(text)) * _NS_PER_COLUMN_UNIT[unit])


def _duration_at(
    path: Path, number: int, row: list[str], column: int, read: Callable[[object], int]
) -> int:
    try:
        duration = read(row[column])
    except (ValueError, IndexError, OverflowError) as error:
        raise ValueError(f"{path.name}:{number}: {error}") from error
    if not 0 <= duration <= _LONGEST_NS:
        raise ValueError(f"{path.name}:{number}: {row[column]} is out of range")
    return duration


_FORM_OF_KEY: Final = {
    "value": "constant",
    "median": "lognormal",
    "p99": "lognormal",
    "mean": "mean_and_spread",
    "cv": "mean_and_spread",
    "exponential": "exponential",
    "uniform": "uniform",
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
    | Annotated[Empirical, Tag("empirical")]
    | Annotated[Replay, Tag("replay")],
    Discriminator(
        _form_of,
        custom_error_type="latency",
        custom_error_message=(
            "not a latency; write 80ms, {median: 80ms, p99: 400ms}, {mean: 80ms, cv: 0.1},"
            " {exponential: 80ms}, {uniform: [60ms, 90ms]}, {empirical: file.csv} or"
            " {replay: file.csv}"
        ),
    ),
    BeforeValidator(_mapping),
]
"""A constant such as ``80ms``, or one of the other distributions."""
