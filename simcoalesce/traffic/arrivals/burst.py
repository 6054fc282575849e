"""A burst: so many requests within so long, once or again and again."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator
from typing_extensions import override

from simcoalesce.randomness import Stream
from simcoalesce.traffic.arrival import Arrival, PhaseStreams
from simcoalesce.traffic.drawn_instants import GridInstants, SpreadInstants
from simcoalesce.traffic.grid import instants_on_grid
from simcoalesce.traffic.unit_process import Instants, ordered_uniforms
from simcoalesce.units import Duration, PositiveCount, PositiveDuration

_CELLS: Final = 4_096
_MOST_OVERLAPPING: Final = 10_000_000


class Burst(Arrival):
    """A fixed number of requests at random instants, or at even ones."""

    kind: Literal["burst"] = "burst"
    requests: PositiveCount
    """How many requests come in each burst."""
    within_ns: Duration
    """From the start of a burst to its end; ``0ms``: all at the same instant."""
    shape: Literal["uniform", "even", "front_loaded", "gaussian"] = "uniform"
    """How they lie within it. ``even``: the i-th at i * within / requests;
    ``front_loaded``: half of them in the first quarter, the more the earlier;
    ``gaussian``: a bell around the middle, cut at 3 standard deviations."""
    every_ns: PositiveDuration | None = None
    """From the start of a burst to the start of the next; by default there is one."""
    times: PositiveCount | None = None
    """How many bursts there are at most, with `every`; by default as many as begin
    before the phase ends."""

    @model_validator(mode="after")
    def _repeats_by_its_own_words(self) -> "Burst":
        if self.times is not None and self.every_ns is None:
            raise ValueError("times says how often it comes again; write every as well")
        return self

    @model_validator(mode="after")
    def _overlap_within_memory(self) -> "Burst":
        if self._overlaps and self.requests > _MOST_OVERLAPPING:
            raise ValueError(
                f"bursts that overlap have at most {_MOST_OVERLAPPING} requests each;"
                " write an every that is not below within, or a kind: rate"
            )
        return self

    @property
    def _overlaps(self) -> bool:
        return self.every_ns is not None and self.every_ns < self.within_ns

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(
            update={"requests": max(round(self.requests * factor), 1)}
        )

    @override
    def expected_requests(self, until_ns: int) -> float:
        return float(self.requests * len(self._starts(until_ns)))

    @override
    def turns(self, until_ns: int) -> tuple[int, str]:
        return len(self._starts(until_ns)), "every"

    @override
    def evenly(self, rest_ns: int, lasts_ns: int) -> Mapping[str, Any] | None:
        # The last of them has least time, and all of them as much as it has.
        starts = self._starts(lasts_ns)
        room_ns = min(self.every_ns or rest_ns, rest_ns - starts[-1])
        is_even = self.shape in {"uniform", "even"}
        is_cut = starts[-1] + self.within_ns > lasts_ns or room_ns < self.within_ns
        if is_cut or (room_ns == self.within_ns and is_even):
            return None
        kept = self.document()
        if kept.pop("until", None) is not None and self.every_ns is not None:
            kept["times"] = len(starts)
        return kept | {"within": f"{room_ns}ns", "shape": "uniform"}

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        stream = streams.stream("arrivals")
        if self._overlaps:
            return self._interleaved(stream, until_ns)
        starts_ns = self._starts(until_ns)
        blocks = (
            start_ns + instants
            for number, start_ns in enumerate(starts_ns)
            for instants in self._burst(stream, number)
        )
        if self.shape == "gaussian":
            return blocks
        return SpreadInstants(
            blocks=blocks,
            stream=stream,
            requests=self.requests,
            within_ns=self.within_ns,
            shape=self.shape,
            step_ns=self._grid().step_ns,
            starts_ns=starts_ns,
        )

    def _starts(self, until_ns: int) -> Sequence[int]:
        if self.every_ns is None:
            return (0,)
        return range(0, until_ns, self.every_ns)[: self.times]

    def _interleaved(self, stream: Stream, until_ns: int) -> Instants:
        pending = np.empty(0, dtype=np.int64)
        for number, start_ns in enumerate(self._starts(until_ns)):
            settled = int(np.searchsorted(pending, start_ns))
            if settled:
                yield pending[:settled]
            burst = np.concatenate(list(self._burst(stream, number)))
            pending = np.sort(np.concatenate([pending[settled:], start_ns + burst]))
        yield pending

    def _burst(self, stream: Stream, number: int) -> Instants:
        if self.shape == "even":
            yield from self._grid()
            return
        first_draw = number * (self.requests + 1)
        for uniforms in ordered_uniforms(stream, first_draw, self.requests):
            instants = (self._placed(uniforms) * self.within_ns).astype(np.int64)
            yield np.minimum(instants, max(self.within_ns - 1, 0))

    def _grid(self) -> GridInstants:
        step_ns = Fraction(self.within_ns, self.requests)
        return instants_on_grid(step_ns, self.requests)

    def _placed(self, uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
        if self.shape == "front_loaded":
            return uniforms * uniforms
        if self.shape == "gaussian":
            return _bell(uniforms)
        return uniforms


def _bell(uniforms: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return where in [0, 1] a normal distribution puts each share of the requests."""
    scaled = uniforms * _CELLS
    cell = np.minimum(scaled.astype(np.int64), _CELLS - 1)
    edges = _bell_edges()
    low, high = edges[cell], edges[cell + 1]
    placed: NDArray[np.float64] = np.minimum(low + (scaled - cell) * (high - low), high)
    return placed


@lru_cache(maxsize=1)
def _bell_edges() -> NDArray[np.float64]:
    bell = NormalDist(mu=0.5, sigma=1 / 6)
    low, high = bell.cdf(0), bell.cdf(1)
    shares = [low + (high - low) * i / _CELLS for i in range(1, _CELLS)]
    return np.array([0.0, *(bell.inv_cdf(share) for share in shares), 1.0])
