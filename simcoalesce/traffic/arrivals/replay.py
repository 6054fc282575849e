"""The requests of a log."""

from collections.abc import Mapping
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
    model_validator,
)
from typing_extensions import override

from simcoalesce.logs.description import unlike_gets
from simcoalesce.logs.key_rule import KeyRule
from simcoalesce.logs.log import CLIENT_METHODS, Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.moments import WallClockInstant
from simcoalesce.logs.reader import read_log
from simcoalesce.run_bounds import HORIZON_NS, past_horizon
from simcoalesce.traffic.arrival import Arrival, PhaseArrivals, PhaseStreams
from simcoalesce.traffic.recording import Recording
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import format_duration, parse_duration

_LAST_NS: Final = (1 << 63) - 1
_ROWS: Final = 1 << 20
_COLUMNS: Final = frozenset({"target", "method", "status", "location", "isolate"})
_FINEST_SPREAD_NS: Final = 10_000_000
"""Stamps that are as coarse as this are spread."""
_ALL: Final = "all"


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

    cached_methods: tuple[str, ...] | Literal["all"] = CLIENT_METHODS
    """Which methods a store or a shared fetch may answer; requests of others bypass all
    of them (nginx's `proxy_cache_methods`). ``all``: none does."""

    def recording(self) -> Recording:
        """Return what the log says, at the recorded speed.

        Raises:
            ValueError: If the log cannot be used; it names file, line and reason.
        """
        return _recording(self._log(), self.key_rule, self.cached_methods)

    @override
    def all_storable(self) -> Mapping[str, str]:
        storable = self.recording().storable
        is_so = storable is None or storable.all()
        return {**super().all_storable(), **({} if is_so else {"cached_methods": _ALL})}

    def _log(self) -> Log:
        if self._ends_in_its_log:
            return read_log(self, _COLUMNS)
        return read_log(self.model_copy(update={"until_ns": None}), _COLUMNS)

    @property
    def _ends_in_its_log(self) -> bool:
        """Whether `until` speaks of the log's time, and not of the run's."""
        return self.from_ns is not None or isinstance(self.until_ns, WallClockInstant)

    @model_validator(mode="after")
    @override
    def _ends_after_its_start(self) -> Self:
        begins = self.from_ns or 0 if self._ends_in_its_log else self.at_ns
        if self.until_ns is not None and begins >= self.until_ns:
            raise ValueError("until is not after at or from, where it begins")
        return self

    @override
    def lasts_ns(self, duration_ns: int) -> int:
        if self._ends_in_its_log:
            return max(duration_ns - self.at_ns, 0)
        return super().lasts_ns(duration_ns)

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
        if not recording.keys and len(streams.keys) <= 1 and self.keys is None:
            self._ask_for_a_key()
        instants, spread_ns = self._spread_out(recording, streams)
        instants = self._sped_up(recording.name, instants)
        left_out = len(instants) - int(np.searchsorted(instants, until_ns))
        warnings, warning = self._said(recording, spread_ns), ""
        if left_out:
            warning = (
                f"{recording.name}: {left_out:,} of {len(instants):,} requests come"
                " at or after the end of the scenario and are left out; see duration"
                " and speed"
            )
            warnings = (*warnings, warning)
        no_verdict = warning if 2 * left_out > len(instants) else recording.no_verdict
        return PhaseArrivals(iter([instants]), recording, warnings, no_verdict)

    def _spread_out(
        self, recording: Recording, streams: PhaseStreams
    ) -> tuple[NDArray[np.int64], int]:
        spread_ns = self.spread_ns
        if spread_ns is None:
            is_coarse = recording.stamp_ns >= _FINEST_SPREAD_NS
            spread_ns = recording.stamp_ns if is_coarse else 0
        _check_last(recording.name, recording.at_ns, spread_ns)
        if not spread_ns:
            return recording.at_ns, 0
        at_ns, stream = recording.at_ns.copy(), streams.stream("spread")
        for begin in range(0, len(at_ns), _ROWS):
            rows = np.arange(begin, min(begin + _ROWS, len(at_ns)))
            at_ns[rows] += (stream.uniforms(rows) * spread_ns).astype(np.int64)
        # Only the instants are sorted: entries of one second stay in their order.
        at_ns.sort()
        return at_ns, spread_ns

    def _said(self, recording: Recording, spread_ns: int) -> tuple[str, ...]:
        """Return what was taken for granted, and what could not be read."""
        assumed = list(self._log().assumptions)
        if spread_ns and self.spread_ns is None:
            assumed.append(
                f"its stamps are multiples of {format_duration(spread_ns)}, so requests"
                " are spread over that span (spread: 0ms leaves them as they are)"
            )
        said = (f"{recording.name}: {'; '.join(assumed)}",) if assumed else ()
        return (*said, *recording.warnings)

    def _ask_for_a_key(self) -> None:
        """Refuse a log of which no field is known to be the key, if some may be.

        Raises:
            ValueError: If there are such.
        """
        log = self._log()
        if not log.candidates or not len(log):
            return
        first = log.candidates[0]
        word = "columns" if log.format == "csv" else "fields"
        time = log.fields.get("time", "time")
        raise ValueError(
            f"{log.name}: which field says what a request asks for? It may be"
            f" {' or '.join(log.candidates[:6])}; without one all {len(log):,} requests"
            " would ask for the same key. Write e.g.\n"
            f"  file: {self.file[0]}\n"
            f"  {word}: {{time: {time}, uri: {first}}}\n"
            "or, if they all do: keys: {kind: one}"
        )

    def _sped_up(self, name: str, at_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        speed = Fraction(repr(self.speed))
        if len(at_ns) and int(at_ns[-1]) * speed.denominator > _LAST_NS:
            raise ValueError(f"{name} is too long to be replayed at speed {self.speed}")
        return at_ns * speed.denominator // speed.numerator


def _check_last(name: str, at_ns: NDArray[np.int64], spread_ns: int) -> None:
    """Refuse a log whose last request may come beyond the horizon of a run."""
    if len(at_ns) and int(at_ns[-1]) + spread_ns >= HORIZON_NS:
        said = past_horizon("its last request")
        raise ValueError(f"{name}: {said}; write less spread, or from: and until:")


@lru_cache(maxsize=4)
def _recording(
    log: Log, rule: KeyRule, cached_methods: tuple[str, ...] | str
) -> Recording:
    key, keys = log.keys(rule)
    methods = log.methods if cached_methods == _ALL else cached_methods
    return Recording(
        name=log.name,
        at_ns=log.from_start_ns,
        key=key,
        location=log.location,
        isolate=log.isolate,
        keys=keys,
        locations=log.locations,
        stamp_ns=log.stamp_ns,
        warnings=(*log.warnings, *unlike_gets(log, methods)),
        storable=log.has_method(methods),
        no_verdict=log.no_verdict,
        began_ns=_began_ns(log),
    )


def _began_ns(log: Log) -> int | None:
    """Return when a log's run begins on the wall clock; None if it has none."""
    if not log.is_wall_clock or not len(log):
        return None
    return int(log.at_ns[0]) if log.zero_ns is None else log.zero_ns
