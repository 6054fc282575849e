"""Layer context: where a layer runs, and what it may use there."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simcoalesce.distribution import Distribution
from simcoalesce.model.changeable import Changeable
from simcoalesce.model.clock import Clock
from simcoalesce.model.domains import Domains
from simcoalesce.model.follower_fast_path import CoalescingPoint
from simcoalesce.model.kv import Namespace
from simcoalesce.model.recorder import Recorder
from simcoalesce.model.redis import RedisServer
from simcoalesce.model.trace import SpanTrace, Tell
from simcoalesce.randomness import Stream
from simcoalesce.sampler import Sampler


@dataclass(frozen=True)
class LayerContext:
    """Where a layer runs, and what it may use there."""

    clock: Clock
    kv: Namespace
    recorder: Recorder
    seed: int
    keys: Sequence[str]
    locations: Sequence[str]
    domains: Domains
    """The instances in which it runs."""
    inner_domains: Domains
    """Those in which the next layers run."""
    label: str
    """The layer's name in this path, e.g. ``kv.read`` or ``kv.read#2``."""
    is_client: bool
    """Whether the layer stands before the worker, with the client."""
    index: int = 0
    """How many layers stand before it."""
    redis: RedisServer = field(default_factory=RedisServer)
    """The one server of the run, for all locations."""
    keys_at_start: int | None = None
    """How many of the keys there are before the run, the first ones; None for all."""
    ends_at_ns: int = 0
    """When the last request may arrive."""
    changeable: Changeable = field(default_factory=Changeable)
    """What changes may reach, of all layers."""
    coalescing_points: list[CoalescingPoint] = field(default_factory=list)
    """Where misses of the first read share a fetch, for the fast path."""
    which: str = ""
    """Which of several alike it is, e.g. of origins; empty if there is one."""
    trace: SpanTrace | None = None
    """What follows one request of the run, if anything does."""

    @property
    def tell(self) -> Tell | None:
        """Takes what a request waits for in the layer; None if nobody listens."""
        return self.tell_at()

    def tell_at(self, where: str = "") -> Tell | None:
        """Return `tell` for something that stands before the layer."""
        if self.trace is None:
            return None
        return self.trace.tell(self.index, self.clock, where, self.which)

    def sampler(self, latency: Distribution, name: str) -> Sampler:
        """Return the layer's own draws from a distribution."""
        return latency.sampler(self.seed, f"{self.label}.{name}")

    def stream(self, name: str) -> Stream:
        """Return the layer's own random numbers."""
        return Stream(self.seed, f"{self.label}.{name}")

    def index_of(self, location: str) -> int:
        """Return the index of a location of the traffic.

        Raises:
            ValueError: If the traffic has no location of that name.
        """
        if location not in self.locations:
            known = ", ".join(self.locations)
            raise ValueError(
                f'{self.label}: no location "{location}"; the traffic has: {known}'
            )
        return self.locations.index(location)
