"""Traffic: phases of arrivals, merged; each request with its key and its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from simcoalesce.request import Requests
from simcoalesce.spec import Spec
from simcoalesce.traffic.arrival import Arrival, Luck, Visits
from simcoalesce.traffic.key_catalogue import KeyCatalogue, names_in_order, says_all
from simcoalesce.traffic.phase_merge import Merged, cut, merged
from simcoalesce.traffic.playback import Playback, overwrite
from simcoalesce.traffic.popularities.one import One
from simcoalesce.traffic.popularity import Popularity
from simcoalesce.traffic.routing import Routing, RoutingRule, ring_of
from simcoalesce.traffic.weights import Weights, table_of
from simcoalesce.units import PositiveCount, Ratio, format_duration

ROWS: Final = 65_536
_MOST_ISOLATES: Final = 1_000_000
_NO_LOCATIONS: Final = {"home": 1.0}


@dataclass(frozen=True)
class GeneratedTraffic:
    """The requests of one run.

    Attributes:
        keys: Names of the keys, by index.
        locations: Names of the locations, by index.
        chunks: Consecutive requests in order of arrival; can be read once.
        warnings: What the user should know of the traffic.
    """

    keys: Sequence[str]
    locations: tuple[str, ...]
    chunks: Iterator[Requests]
    warnings: list[str] = field(default_factory=list)


class Traffic(Spec):
    """Who comes when, where, and for what; the same whatever the path does."""

    arrivals: tuple[Arrival, ...]
    """The phases; they add up."""
    keys: Popularity = One()
    """Which key a request asks for, unless its phase or its log says it."""
    locations: Weights = Field(_NO_LOCATIONS)
    """The weight of each location. Locations that only a log names come after them."""
    isolates: PositiveCount = 1
    """How many isolates serve at each location."""
    routing: RoutingRule = "random"
    """Which isolate gets a request: any, or the one that its key belongs to."""
    spill_over_ratio: Ratio = Field("0%", validate_default=True)
    """The share of requests that consistent hashing sends to any isolate."""

    @field_validator("arrivals")
    @classmethod
    def _somebody_comes(cls, arrivals: tuple[Arrival, ...]) -> tuple[Arrival, ...]:
        if not arrivals:
            raise ValueError("there is no phase; write e.g. [{kind: rate, rate: 10/s}]")
        return arrivals

    @field_validator("isolates")
    @classmethod
    def _isolates_within_memory(cls, isolates: int) -> int:
        if isolates > _MOST_ISOLATES:
            raise ValueError(f"at most {_MOST_ISOLATES} isolates at each location")
        return isolates

    @model_validator(mode="after")
    def _spills_only_from_a_home(self) -> "Traffic":
        if self.spill_over_ratio and self.routing == "random":
            raise ValueError("spill_over is for routing: consistent_hash")
        return self

    def expected_requests(self, duration_ns: int) -> float:
        """Return roughly how many requests come, before any of them is made.

        Args:
            duration_ns: Requests at or after this instant do not come.
        """
        return sum(
            phase.expected_requests(duration_ns - phase.at_ns)
            for phase in self.arrivals
            if phase.at_ns < duration_ns
        )

    def generate(
        self, *, seed: int, duration_ns: int, rows: int = ROWS
    ) -> GeneratedTraffic:
        """Return the requests of one run.

        Args:
            seed: Of the run.
            duration_ns: Requests at or after this instant do not come.
            rows: Requests in a chunk; it changes nothing else.

        Raises:
            ValueError: If a log cannot be used.
        """
        visits = [
            phase.visits(Luck(seed, number), max(duration_ns - phase.at_ns, 0))
            for number, phase in enumerate(self.arrivals)
        ]
        keys = [phase.keys or self.keys for phase in self.arrivals]
        recordings = [phase_visits.recording for phase_visits in visits]
        self._check_isolates(visits)
        catalogue = KeyCatalogue(list(zip(keys, recordings, strict=True)), seed)
        locations = self._location_names(visits)
        phases = [
            _until(phase_visits.instants, phase.at_ns, duration_ns)
            for phase, phase_visits in zip(self.arrivals, visits, strict=True)
        ]
        chunks = _chunks(
            cut(merged(phases), rows),
            catalogue,
            self._routing(seed, catalogue.names, locations),
            [
                Playback(number, recording, catalogue.names, locations)
                for number, recording in enumerate(recordings)
                if recording is not None
            ],
        )
        warnings = [*self._late_phases(duration_ns), *_warnings(visits)]
        return GeneratedTraffic(catalogue.names, locations, chunks, warnings)

    def _check_isolates(self, visits: Sequence[Visits]) -> None:
        for recording in (v.recording for v in visits):
            most = -1 if recording is None else int(recording.isolate.max())
            if recording is not None and most >= self.isolates:
                raise ValueError(
                    f"{recording.name} names isolate {most}, but there are"
                    f" {self.isolates}; write isolates: {most + 1}"
                )

    def _location_names(self, visits: Sequence[Visits]) -> tuple[str, ...]:
        recordings = [v.recording for v in visits]
        said = [r.locations for r in recordings if r is not None]
        all_said = all(r is not None and says_all(r.location) for r in recordings)
        # The default stands only for requests that no log places.
        if all_said and self.locations == _NO_LOCATIONS:
            return names_in_order(said)
        return names_in_order([tuple(self.locations), *said])

    def _routing(
        self, seed: int, keys: tuple[str, ...], locations: tuple[str, ...]
    ) -> Routing:
        weights = tuple(self.locations.get(name, 0.0) for name in locations)
        return Routing(
            seed=seed,
            locations=table_of(weights if any(weights) else (1.0,)),
            isolates=self.isolates,
            ring=ring_of(keys) if self.routing == "consistent_hash" else None,
            spill_over_ratio=self.spill_over_ratio,
        )

    def _late_phases(self, duration_ns: int) -> Iterator[str]:
        for number, phase in enumerate(self.arrivals, start=1):
            if phase.at_ns >= duration_ns:
                yield (
                    f"phase {number} of the arrivals ({phase.kind}) starts at"
                    f" {format_duration(phase.at_ns)}, when the scenario is over"
                    f" ({format_duration(duration_ns)})"
                )


def _warnings(visits: Sequence[Visits]) -> Iterator[str]:
    for phase_visits in visits:
        yield from phase_visits.warnings


def _until(
    blocks: Iterator[NDArray[np.int64]], at_ns: int, duration_ns: int
) -> Iterator[NDArray[np.int64]]:
    for block in blocks:
        instants = block + at_ns
        if len(instants) and instants[-1] >= duration_ns:
            yield instants[: np.searchsorted(instants, duration_ns)]
            return
        yield instants


def _chunks(
    blocks: Iterator[Merged],
    catalogue: KeyCatalogue,
    routing: Routing,
    playbacks: Sequence[Playback],
) -> Iterator[Requests]:
    first_id = 0
    for instants, phase in blocks:
        requests = np.arange(first_id, first_id + len(instants))
        key = catalogue.keys(requests, phase)
        location = routing.location(requests)
        said = [playback.play(phase) for playback in playbacks]
        for log in said:
            overwrite(key, log.rows, log.key)
            overwrite(location, log.rows, log.location)
        isolate = routing.isolate(requests, location, key)
        for log in said:
            overwrite(isolate, log.rows, log.isolate)
        isolate += location * routing.isolates
        yield Requests(first_id, instants, key, location, isolate)
        first_id += len(instants)
