"""The requests of a log."""

from fractions import Fraction
from functools import lru_cache
from typing import Annotated, ClassVar, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
)
from typing_extensions import override

from simcoalesce.logs.key_rule import KeyRule
from simcoalesce.logs.log import Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.traffic.arrival import Arrival, PhaseArrivals, PhaseStreams
from simcoalesce.traffic.recording import Recording
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import format_duration, parse_duration

_LAST_NS: Final = (1 << 63) - 1
_COLUMNS: Final = frozenset({"target", "method", "location", "isolate"})
_FINEST_SPREAD_NS: Final = 10_000_000
"""Stamps that are as coarse as this are spread."""


def _auto_or_duration(value: object) -> int | None:
    return None if value is None or value == "auto" else parse_duration(value)


Spread = Annotated[
    int | None,
    BeforeValidator(_auto_or_duration),
    PlainSerializer(lambda ns: "auto" if ns is None else format_duration(ns)),
    WithJsonSchema({"type": "string", "examples": ["auto", "1s", "0ms"]}),
]
"""A duration in whole nanoseconds, or ``auto`` (None)."""


class Replay(LogSpec, Arrival):
    """Recorded requests: those of any text log.

    Times of a wall clock count from the earliest entry; those of a CSV with a column
    t_s, t_ms, t_us or t_ns are instants of the run. What the log says of key, location
    and isolate holds; what it does not say is drawn as for any other request.
    """

    takes_pages: ClassVar[bool] = False

    kind: Literal["replay"] = "replay"
    speed: Annotated[float, Field(ge=1e-3, le=1e9)] = 1.0
    """How much faster than recorded; instants are divided by it."""
    spread_ns: Spread = None
    """Adds to each recorded time a random part of this, in the order of the log.
    ``auto``: how coarse its stamps are, if that is 10 ms or more (one second for a log
    with stamps of whole seconds), else nothing."""

    def recording(self) -> Recording:
        """Return what the log says, at the recorded speed.

        Raises:
            ValueError: If the log cannot be used; it names file, line and reason.
        """
        return _recording(read_log(self, _COLUMNS), self.key_rule)

    @override
    def denser(self, factor: float) -> Self:
        return self.model_copy(update={"speed": self.speed * factor})

    @override
    def expected_requests(self, until_ns: int) -> float:
        return 0.0

    @override
    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        return self.generate(streams, until_ns).instants

    @override
    def generate(self, streams: PhaseStreams, until_ns: int) -> PhaseArrivals:
        recording = self.recording()
        instants = self._sped_up(self._spread_out(recording, streams))
        left_out = len(instants) - int(np.searchsorted(instants, until_ns))
        warnings, warning = recording.warnings, ""
        if left_out:
            warning = (
                f"{recording.name}: {left_out:,} of {len(instants):,} requests come"
                " at or after the end of the scenario and are left out; see duration"
                " and speed"
            )
            warnings = (*warnings, warning)
        no_verdict = warning if 2 * left_out > len(instants) else ""
        return PhaseArrivals(iter([instants]), recording, warnings, no_verdict)

    def _spread_out(
        self, recording: Recording, streams: PhaseStreams
    ) -> NDArray[np.int64]:
        spread_ns = self.spread_ns
        if spread_ns is None:
            is_coarse = recording.stamp_ns >= _FINEST_SPREAD_NS
            spread_ns = recording.stamp_ns if is_coarse else 0
        if not spread_ns:
            return recording.at_ns
        uniforms = streams.stream("spread").uniforms(np.arange(len(recording)))
        # Only the instants are sorted: entries of one second stay in their order.
        return np.sort(recording.at_ns + (uniforms * spread_ns).astype(np.int64))

    def _sped_up(self, at_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        speed = Fraction(repr(self.speed))
        if int(at_ns[-1]) * speed.denominator > _LAST_NS:
            raise ValueError(f"{self.file} is too long to be replayed so slowly")
        return at_ns * speed.denominator // speed.numerator


@lru_cache(maxsize=4)
def _recording(log: Log, rule: KeyRule) -> Recording:
    key, keys = log.keys(rule)
    return Recording(
        name=log.name,
        at_ns=log.from_start_ns,
        key=key,
        location=log.location,
        isolate=log.isolate,
        keys=keys,
        locations=log.locations,
        stamp_ns=log.stamp_ns,
        warnings=log.warnings,
        storable=log.storable,
        no_verdict=log.no_verdict,
    )
