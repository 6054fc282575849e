"""The idea of a layer: a step of a path, which answers or asks the next one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from simcoalesce.distribution import Distribution
from simcoalesce.model.clock import Clock, Fetch
from simcoalesce.model.follower_fast_path import CoalescingPoint
from simcoalesce.model.kv import Namespace
from simcoalesce.model.recorder import Recorder
from simcoalesce.randomness import Stream
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler
from simcoalesce.spec import Spec


class Scope(Protocol):
    """Where a layer stands: in each isolate, or in an object."""

    def domain_of(self, request: Request) -> int:
        """Return which of its instances a request meets."""

    def location_of(self, request: Request) -> int:
        """Return the location of that instance."""

    def awaiting(self, fetch: Fetch, events: int) -> Fetch:
        """Return a layer's way as it is awaited here, which brings back some events."""


class IsolateScope:
    """Each isolate is a place of its own, in the location of its requests."""

    def domain_of(self, request: Request) -> int:
        """Return the request's isolate."""
        return request.isolate

    def location_of(self, request: Request) -> int:
        """Return the request's location."""
        return request.location

    def awaiting(self, fetch: Fetch, events: int) -> Fetch:  # noqa: ARG002 - a place's
        """Return the way itself: an isolate goes on at once."""
        return fetch


@dataclass(frozen=True)
class LayerContext:
    """Where a layer stands in one run, and what it may use there."""

    clock: Clock
    kv: Namespace
    recorder: Recorder
    seed: int
    keys: Sequence[str]
    locations: Sequence[str]
    place: Scope
    inner: Scope
    """Where the next layers stand."""
    label: str
    """The layer's name in this path, e.g. ``kv.read`` or ``kv.read#2``."""
    is_client: bool
    """Whether the layer stands before the worker, with the client."""
    index: int = 0
    """How many layers stand before it."""
    coalescing_points: list[CoalescingPoint] = field(default_factory=list)
    """Where misses of the first read meet, for who looks ahead."""

    def sampler(self, latency: Distribution, name: str) -> Sampler:
        """Return the layer's own draws from a distribution."""
        return latency.sampler(self.seed, f"{self.label}.{name}")

    def stream(self, name: str) -> Stream:
        """Return the layer's own random numbers."""
        return Stream(self.seed, f"{self.label}.{name}")


class Layer(Spec):
    """A step of a path.

    `wrap` gets what comes next as a function and returns a function of the same kind:
    a layer that does nothing returns what it got.
    """

    family: ClassVar[str] = "simcoalesce.model.layers"
    section: ClassVar[str] = ""
    """The section of a scenario that shares its parameters; its kind if empty."""
    is_client_side: ClassVar[bool] = False
    """Whether it belongs to the client when it stands at the head of a path."""
    repeats: ClassVar[bool] = False
    """Whether it makes sense twice in a path with nothing to wait for between."""
    makes_wait: ClassVar[bool] = False
    """Whether requests wait there for each other: what was true before may be false
    behind."""

    kind: str

    @property
    def events(self) -> int:
        """How often whoever awaits the layer goes on, in an object's code."""
        return 0

    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        """Return the way of a request through this layer and all that follow."""
        raise NotImplementedError

    def inside(self, context: LayerContext) -> Scope:
        """Return where the layers that follow stand."""
        return context.place
