"""The requests of a log."""

from fractions import Fraction
from typing import Annotated, ClassVar, Final, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    PrivateAttr,
    WithJsonSchema,
    model_validator,
)
from typing_extensions import override

from simcoalesce.spec import NamedFile
from simcoalesce.traffic.arrival import Arrival, PhaseArrivals, PhaseStreams
from simcoalesce.traffic.log_format import (
    Fields,
    LogFormat,
    LogFormatKind,
    log_formats,
)
from simcoalesce.traffic.log_reader import LogOptions, read_log
from simcoalesce.traffic.recording import Recording
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import Ratio, format_duration, parse_duration

_LAST_NS: Final = (1 << 63) - 1


def _auto_or_duration(value: object) -> int | None:
    return None if value is None or value == "auto" else parse_duration(value)


Spread = Annotated[
    int | None,
    BeforeValidator(_auto_or_duration),
    PlainSerializer(lambda ns: "auto" if ns is None else format_duration(ns)),
    WithJsonSchema({"type": "string", "examples": ["auto", "1s", "0ms"]}),
]
"""A duration in whole nanoseconds, or ``auto`` (None)."""


class Replay(Arrival):
    """Recorded requests: a CSV, NDJSON or web server's log, plain or gzip.

    A CSV tells instants of the run. The times of the other formats count from the
    earliest entry. What the log says of key, location and isolate holds; what it does
    not say is drawn as for any other request.
    """

    takes_pages: ClassVar[bool] = False

    kind: Literal["replay"] = "replay"
    file: NamedFile
    """The log, relative to the scenario."""
    format: LogFormatKind = "auto"
    """What the file is; by default its first lines tell."""
    fields: Fields = Field(default_factory=Fields)
    """Names of the fields of an NDJSON log."""
    key: Literal["url", "path"] = "url"
    """What of a recorded key counts: ``url``, all; ``path``, what precedes a ``?``."""
    speed: Annotated[float, Field(ge=1e-3, le=1e9)] = 1.0
    """How much faster than recorded; instants are divided by it."""
    spread_ns: Spread = None
    """Adds to each recorded time a random part of this, in the order of the log.
    ``auto``: one second for a log with stamps of one second, else nothing."""
    bad_lines_ratio: Ratio = Field("1%", validate_default=True)
    """More lines than this that do not parse are an error."""

    _formats: tuple[type[LogFormat], ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _know_formats(self) -> "Replay":
        every = log_formats()
        self._formats = tuple(f for f in every if self.format in {"auto", f.kind})
        if self.fields != Fields() and not any(f.takes_fields for f in self._formats):
            names = " or ".join(f.kind for f in every if f.takes_fields)
            raise ValueError(f"fields: is for format: {names}")
        return self

    def recording(self) -> Recording:
        """Return what the log says, at the recorded speed.

        Raises:
            ValueError: If the log cannot be used; it names file, line and reason.
        """
        options = LogOptions(
            formats=self._formats,
            fields=self.fields,
            with_query=self.key == "url",
            bad_lines_ratio=self.bad_lines_ratio,
        )
        return read_log(self.file, options)

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
            spread_ns = recording.stamp_ns if recording.stamp_ns > 1 else 0
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
