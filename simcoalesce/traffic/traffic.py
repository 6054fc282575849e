"""Traffic: phases of arrivals, merged; each request with its key and its location."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from pydantic import Field, field_validator, model_validator

from simcoalesce.spec import Spec, default
from simcoalesce.traffic.arrival import Arrival, Client, PhaseArrivals, PhaseStreams
from simcoalesce.traffic.bypass_draws import BypassDraws
from simcoalesce.traffic.client_draws import ClientDraws
from simcoalesce.traffic.client_queue import ClientQueue, one_visit_each
from simcoalesce.traffic.drawn_traffic import DrawnTraffic, drawn_traffic
from simcoalesce.traffic.generated_traffic import GeneratedTraffic, NotAhead
from simcoalesce.traffic.key_index import KeyIndex, is_complete, names_in_order
from simcoalesce.traffic.key_versions import KeyVersions
from simcoalesce.traffic.log_cursor import LogCursor
from simcoalesce.traffic.page import Page, PageCursor, key_names, repeated
from simcoalesce.traffic.phase_merge import cut, merged
from simcoalesce.traffic.popularities.one import One
from simcoalesce.traffic.popularity import Popularity
from simcoalesce.traffic.recording import Recording
from simcoalesce.traffic.recording_checks import check_recordings
from simcoalesce.traffic.request_chunks import chunks_of
from simcoalesce.traffic.routing import Routing, RoutingRule, ring_of
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.traffic.weights import Weights, table_of
from simcoalesce.units import (
    Duration,
    OptionalCount,
    PositiveCount,
    Ratio,
    format_duration,
)

ROWS: Final = 65_536
_MOST_ISOLATES: Final = 1_000_000
_NO_LOCATIONS: Final = {"home": 1.0}


class Traffic(Spec):
    """Who comes when, where, and for what.

    Open loop: the same whatever the path does; in a closed loop, the same clients.
    """

    arrivals: tuple[Arrival, ...]
    """The phases; they add up."""
    keys: Popularity = One()
    """Which key a request asks for, unless its phase or its log says it."""
    new_key_version_at: tuple[Duration, ...] = ()
    """When keys change their names, as versioned URLs do: from then on requests ask for
    key-1?v=2, then key-1?v=3; what named a key means its first version."""
    locations: Weights = Field(_NO_LOCATIONS)
    """The weight of each location. Locations that only a log names come after them."""
    isolates: PositiveCount = 1
    """How many isolates serve at each location."""
    routing: RoutingRule = "random"
    """Which isolate gets a request: any (random), the one that its key belongs to
    (consistent_hash), or one at each location as long as it can (sharded)."""
    spill_over_ratio: Ratio = Field("0%", validate_default=True)
    """The share of requests that consistent hashing sends to any isolate."""
    spill_above: OptionalCount = default("unlimited")
    """With how many requests in progress the home isolate of a location (sharded) takes
    no more: they run in any isolate. The platform's own threshold is not published."""

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
        if self.spill_over_ratio and self.routing != "consistent_hash":
            raise ValueError("spill_over is for routing: consistent_hash")
        if self.spill_above is not None and self.routing != "sharded":
            raise ValueError("spill_above is for routing: sharded")
        return self

    @model_validator(mode="after")
    def _new_names_for_open_loops(self) -> "Traffic":
        if self.new_key_version_at and self.is_closed:
            raise ValueError(
                "new_key_version_at is for arrivals that wait for no answer; write"
                " e.g. kind: rate in place of users"
            )
        return self

    @property
    def is_closed(self) -> bool:
        """Whether some requests wait for answers to others (closed loop)."""
        return any(phase.needs_answers for phase in self.arrivals)

    @property
    def has_pages(self) -> bool:
        """Whether somebody asks for pages of several keys."""
        return any(phase.page is not None for phase in self.arrivals)

    @property
    def isolates_of_a_key(self) -> int:
        """How many isolates of a location the requests of one key may meet."""
        is_at_home = self._is_at_home or (
            self.routing == "consistent_hash" and not self.spill_over_ratio
        )
        return 1 if is_at_home else self.isolates

    @property
    def _is_at_home(self) -> bool:
        return self.routing == "sharded" and self.spill_above is None

    def expected_requests(self, duration_ns: int) -> float:
        """Return roughly how many requests come, before any of them is made.

        Args:
            duration_ns: Requests at or after this instant do not come.
        """
        return sum(
            phase.expected_requests(phase.lasts_ns(duration_ns))
            * phase.copies(len(self.locations))
            * phase.page_size
            for phase in self.arrivals
            if phase.at_ns < duration_ns
        )

    def key_names(self) -> tuple[str, ...]:
        """Return the names of the keys, without those that only a log names."""
        names = names_in_order(list(dict.fromkeys(map(self._keys_of, self.arrivals))))
        return KeyVersions(names, self.new_key_version_at).names

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
        streams = [self._made_from(seed, n) for n in range(len(self.arrivals))]
        phases = [
            phase.generate(own, phase.lasts_ns(duration_ns))
            for phase, own in zip(self.arrivals, streams, strict=True)
        ]
        recordings = [phase.recording for phase in phases]
        check_recordings(self.arrivals, recordings, isolates=self.isolates)
        keys = self._key_index(recordings, seed)
        locations = self._location_names(recordings)
        instants = [
            phase.within(own.at_ns, own.lasts_ns(duration_ns))
            for own, phase in zip(self.arrivals, phases, strict=True)
        ]
        ahead = [
            iter(()) if own.needs_answers else repeated(blocks, own.page_size)
            for own, blocks in zip(self.arrivals, instants, strict=True)
        ]
        cursors = list(_log_cursors(recordings, keys.names, locations))
        routing = self._routing(seed, keys.names, locations)
        pages, bypasses = PageCursor(self._pages()), self._bypasses(seed)
        blocks = cut(merged(ahead), rows)
        chunks = chunks_of(blocks, pages, keys, routing, cursors, bypasses)
        versions = KeyVersions(keys.names, self.new_key_version_at)
        traffic = GeneratedTraffic(
            versions.names,
            locations,
            versions.applied(chunks),
            warnings=[*self._warnings(phases, duration_ns)],
            no_verdict="; ".join(one.no_verdict for one in phases if one.no_verdict),
            keys_at_start=len(keys.names),
            drawn=self._drawn(phases, keys, routing, duration_ns),
        )
        if not self.is_closed:
            return traffic
        clients = self._clients(streams, instants, keys, routing, duration_ns)
        queue = ClientQueue(chunks, clients, has_pages=self.has_pages)
        return replace(traffic, chunks=NotAhead(), closed_loop=queue)

    def _clients(
        self,
        streams: Sequence[PhaseStreams],
        instants: Sequence[Instants],
        keys: KeyIndex,
        routing: Routing,
        duration_ns: int,
    ) -> Iterator[tuple[Iterable[Client], ClientDraws]]:
        for phase, own, starts in zip(self.arrivals, streams, instants, strict=True):
            lasts_ns = phase.lasts_ns(duration_ns)
            if not phase.needs_answers or not lasts_ns:
                continue
            draws = ClientDraws(
                phase=own.phase,
                keys=keys,
                routing=routing,
                bypasses=self._bypasses(own.seed),
                at_ns=phase.at_ns if phase.is_closed else 0,
                is_by_client=phase.is_by_client,
                page_size=phase.page_size if phase.page else 0,
                is_parallel=phase.loads == "parallel",
            )
            if phase.is_closed:
                yield phase.clients(own, lasts_ns), draws
            else:
                yield one_visit_each(starts), draws

    def _key_index(self, recordings: Sequence[Recording | None], seed: int) -> KeyIndex:
        popularities = [phase.keys or self.keys for phase in self.arrivals]
        sources = list(zip(popularities, recordings, strict=True))
        return KeyIndex(sources, seed, self._pages())

    def _bypasses(self, seed: int) -> BypassDraws:
        return BypassDraws(seed, [phase.bypass_ratio for phase in self.arrivals])

    def _pages(self) -> dict[int, Page]:
        """Return the pages by the numbers of the phases that have one."""
        phases = enumerate(self.arrivals)
        return {number: phase.page for number, phase in phases if phase.page}

    def _made_from(self, seed: int, number: int) -> PhaseStreams:
        keys = self._keys_of(self.arrivals[number])
        return PhaseStreams(seed, number, keys, tuple(self.locations))

    def _keys_of(self, phase: Arrival) -> tuple[str, ...]:
        """Return the names of the keys that a phase asks for, or walks."""
        if self.has_pages and not phase.takes_pages:
            visited = [self._keys_of(one) for one in self.arrivals if one.takes_pages]
            return names_in_order(list(dict.fromkeys(visited)))
        names = (phase.keys or self.keys).names()
        return key_names(phase.page, names) if phase.page else names

    def _location_names(
        self, recordings: Sequence[Recording | None]
    ) -> tuple[str, ...]:
        named = [r.locations for r in recordings if r is not None]
        # The default stands only for requests whose location no log names.
        is_drawn = any(r is None or not is_complete(r.location) for r in recordings)
        if not is_drawn and self.locations == _NO_LOCATIONS:
            return names_in_order(named)
        return names_in_order([tuple(self.locations), *named])

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
            is_at_home=self._is_at_home,
        )

    def _drawn(
        self,
        phases: Sequence[PhaseArrivals],
        keys: KeyIndex,
        routing: Routing,
        duration_ns: int,
    ) -> DrawnTraffic | None:
        if self.new_key_version_at:
            return None
        return drawn_traffic(self.arrivals, phases, keys, routing, duration_ns)

    def _warnings(
        self, phases: Sequence[PhaseArrivals], duration_ns: int
    ) -> Iterator[str]:
        for number, phase in enumerate(self.arrivals, start=1):
            if phase.at_ns >= duration_ns:
                yield (
                    f"phase {number} of the arrivals ({phase.kind}) starts at"
                    f" {format_duration(phase.at_ns)}, when the scenario is over"
                    f" ({format_duration(duration_ns)})"
                )
        for brought in phases:
            yield from brought.warnings


def _log_cursors(
    recordings: Sequence[Recording | None],
    keys: tuple[str, ...],
    locations: tuple[str, ...],
) -> Iterator[LogCursor]:
    for number, recording in enumerate(recordings):
        if recording is not None:
            yield LogCursor(number, recording, keys, locations)
