"""Base class of arrivals: when the requests of one phase come."""

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeAlias

import numpy as np
from pydantic import Field, model_validator

from simcoalesce.randomness import Stream
from simcoalesce.spec import Spec, written_name
from simcoalesce.traffic.page import Loads, Page
from simcoalesce.traffic.popularity import Popularity
from simcoalesce.traffic.recording import Recording
from simcoalesce.traffic.unit_process import Instants
from simcoalesce.units import NS_PER_S, Duration, PositiveDuration, Ratio


@dataclass(frozen=True, slots=True)
class PhaseStreams:
    """What one phase is made from in one run: random streams of its own, and names."""

    seed: int
    phase: int
    keys: tuple[str, ...] = ()
    """Names of the keys that its requests may ask for."""
    locations: tuple[str, ...] = ()
    """Names of the traffic's locations."""

    def stream(self, purpose: str) -> Stream:
        """Return the phase's own stream, e.g. for ``arrivals``."""
        return Stream(self.seed, self.name(purpose))

    def name(self, purpose: str) -> str:
        """Return the name of the phase's own stream."""
        return f"traffic.{purpose}.{self.phase}"


Instant: TypeAlias = int
"""Nanoseconds after the start of a phase."""
Client: TypeAlias = Generator[Instant, Instant, None]
"""A client that waits for answers: it yields when it sends its next request, and is
sent when that is answered."""


@dataclass(frozen=True)
class PhaseArrivals:
    """What one phase brings in one run.

    Attributes:
        instants: Blocks of instants after the start of the phase, in nanoseconds, in
            ascending order over all blocks.
        recording: What a log says of each request, in the same order.
        warnings: What the user should know of them.
        no_verdict: Why nothing follows from a run of them; empty if something does.
    """

    instants: Instants
    recording: Recording | None = None
    warnings: tuple[str, ...] = ()
    no_verdict: str = ""

    def within(self, at_ns: int, lasts_ns: int) -> Instants:
        """Yield its instants in the run, which begins before the phase.

        Args:
            at_ns: The start of the phase.
            lasts_ns: How long it lasts; what comes later does not come.
        """
        for block in self.instants:
            inside = block[: np.searchsorted(block, lasts_ns)]
            yield inside + at_ns
            if len(inside) < len(block):
                return


class Arrival(Spec):
    """One phase of traffic: open loop, or clients who wait for answers (closed loop).

    In an open loop requests come whatever becomes of others, so `instants` says when.
    """

    family: ClassVar[str] = "simcoalesce.traffic.arrivals"
    is_closed: ClassVar[bool] = False
    """Whether requests wait for answers to others; then there are `clients`."""
    takes_pages: ClassVar[bool] = True
    """Whether its requests ask for keys that are drawn."""

    kind: str
    at_ns: Duration = Field("0ms", validate_default=True)
    """When the phase starts."""
    until_ns: PositiveDuration | None = None
    """When it ends at the latest, counted from the start of the run, as `at` is; by
    default with the scenario."""
    keys: Popularity | None = None
    """Which key each request of this phase asks for; by default as all the traffic."""
    page: Page | None = None
    """What each arrival asks for, if it is the visit of a page: how many keys of each
    name, e.g. ``{product: 1, stock: 1, price: 3}``."""
    loads: Loads = "parallel"
    """``parallel``: a visit asks for all keys of the page at once; ``sequential``: for
    each when it has the answer to the one before (closed loop)."""

    bypass_ratio: Ratio = Field("0%", validate_default=True)
    """The share of requests that no store and no shared fetch may answer, as a POST:
    they bypass all of them and reach the origin."""

    @model_validator(mode="after")
    def _loads_a_page(self) -> "Arrival":
        if self.page is None and self.loads == "sequential":
            raise ValueError(
                "loads is for pages; write e.g. page: {product: 1, stock: 1, price: 3}"
            )
        if self.page is not None and not self.takes_pages:
            raise ValueError(f"kind: {self.kind} says itself which keys are asked for")
        return self

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> "Arrival":
        if self.until_ns is not None and self.until_ns <= self.at_ns:
            raise ValueError("until is not after at, the start of the phase")
        return self

    def lasts_ns(self, duration_ns: int) -> int:
        """Return from its start to its end in a scenario, in nanoseconds; 0 if none."""
        ends_ns = duration_ns if self.until_ns is None else self.until_ns
        return max(min(ends_ns, duration_ns) - self.at_ns, 0)

    @property
    def needs_answers(self) -> bool:
        """Whether some of its requests are sent only when others are answered."""
        return self.is_closed or self.loads == "sequential"

    @property
    def page_size(self) -> int:
        """How many requests each arrival makes."""
        return 1 if self.page is None else sum(self.page.values())

    def instants(self, streams: PhaseStreams, until_ns: int) -> Instants:
        """Yield blocks of instants, in nanoseconds after the start of the phase.

        Args:
            streams: Those of this phase; the i-th request has the i-th draw.
            until_ns: Requests at or after this instant are not needed.
        """
        raise NotImplementedError

    def expected_requests(self, until_ns: int) -> float:
        """Return roughly how many requests the phase brings, without making them.

        It may say too many where a phase ends before its time; zero for a log, which
        brings no more than its file holds.

        Args:
            until_ns: Requests at or after this instant do not come.
        """
        raise NotImplementedError

    def turns(self, until_ns: int) -> tuple[int, str]:  # noqa: ARG002 - most have one
        """Return of how many bursts or turns it is about, and the key that says so.

        Args:
            until_ns: What begins at or after this instant is not needed.
        """
        return 1, "kind"

    def evenly(self, rest_ns: int, lasts_ns: int) -> Mapping[str, Any] | None:  # noqa: ARG002
        """Return what a scenario writes for the same requests at an even rate.

        None if they come so already, or it cannot be said before the run.

        Args:
            rest_ns: From the start of the phase to the end of the run.
            lasts_ns: From its start to its own end, if that is sooner.
        """
        return None

    def at_one_rate(self, rest_ns: int, lasts_ns: int) -> Mapping[str, Any]:
        """Return what a scenario writes for as many Poisson requests at one rate.

        A Poisson process of as many expected requests draws the same number of them.
        """
        of_all = set(map(written_name, Arrival.model_fields)) - {"until"}
        kept = {name: one for name, one in self.document().items() if name in of_all}
        per_s = self.expected_requests(lasts_ns) * NS_PER_S / rest_ns
        return kept | {"kind": "rate", "rate": f"{per_s!r}/s"}

    def all_storable(self) -> Mapping[str, str]:
        """Return what a scenario writes so that stores may answer all its requests.

        Empty if they may.
        """
        return {"bypass": "0%"} if self.bypass_ratio else {}

    def denser(self, factor: float) -> Self | None:  # noqa: ARG002 - most can be
        """Return it with so many times the requests in the same time.

        None if it cannot be so.
        """
        return None

    def copies(self, locations: int) -> int:  # noqa: ARG002 - most know no locations
        """Return how often the phase comes, if the traffic has so many locations."""
        return 1

    def generate(self, streams: PhaseStreams, until_ns: int) -> PhaseArrivals:
        """Return what the phase brings in one run, as `instants` says.

        Clients bring nothing that is known before the run.
        """
        known = iter(()) if self.is_closed else self.instants(streams, until_ns)
        return PhaseArrivals(known)

    def clients(self, streams: PhaseStreams, until_ns: int) -> Iterable[Client]:  # noqa: ARG002
        """Return the clients of a closed loop; an open loop has none.

        Args:
            streams: Those of this phase; draws belong to a client's request.
            until_ns: No client sends a request at or after this instant.
        """
        return ()

    @property
    def is_by_client(self) -> bool:
        """Whether a client's isolate follows from its number, and not from chance."""
        return False
