"""durable_object: one instance for each key, for each shard of keys, or for all."""

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar, Final, Literal, TypeAlias, cast

from pydantic import Field, field_validator
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.causes import Removals
from simcoalesce.model.clock import ANSWER, START, Fetch, Steps
from simcoalesce.model.domains import Domains
from simcoalesce.model.flight_events import FLIGHT_EVENTS
from simcoalesce.model.flights import Cleanup, FlightNotes, Flights
from simcoalesce.model.follower_fast_path import CoalescingPoint
from simcoalesce.model.gate import BlockConcurrency, CalledBy, Gate, InputGate, OnError
from simcoalesce.model.layer import Layer, LayerEvent, Wait
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.object_events import QUEUED, RESET
from simcoalesce.model.object_thread import Thread
from simcoalesce.model.objects import Objects
from simcoalesce.model.platform_limit import PlatformLimit
from simcoalesce.model.scope import Scope
from simcoalesce.randomness import Stream
from simcoalesce.request import Request
from simcoalesce.sampler import Quantiles, Sampler
from simcoalesce.spec import Spec, default
from simcoalesce.units import (
    NS_PER_S,
    OptionalCount,
    OptionalDuration,
    OptionalRate,
    PositiveCount,
)


class Shards(Spec):
    """Keys spread over a fixed number of objects."""

    shards: PositiveCount
    """How many objects."""


_ANY_LOCATION: Final = "first_request"
_FIRST_USE: Final = "first use of the object"
_WAY: Final = "way to the object"
_WAY_BACK: Final = "way back"

_LIMIT: Final = PlatformLimit(
    1_000, "durable object", is_of_a_key=True, parameter="durable_object.capacity"
)
"""Source: developers.cloudflare.com/durable-objects, FAQ on limits, read 2026-11-23."""

IdFrom: TypeAlias = Literal["key", "global"] | Shards


class DurableObject(Layer):
    """One instance for each id, at one location, with a map of in-flight fetches.

    While its gate is shut, what its fetches and awaited puts bring back waits too.
    Simplification: what a look-up of KV brings back does not.
    """

    scope: ClassVar[Scope] = Scope.OBJECT
    makes_wait: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = (*FLIGHT_EVENTS, QUEUED, RESET)

    kind: Literal["durable_object"] = "durable_object"
    id_from: IdFrom = "key"
    """What an object stands for: a key, all keys (global), or {shards: n}."""
    hop: Latency = default("0ms")
    """One way between an isolate and the object."""
    hops: dict[str, Latency] = Field(default_factory=dict)
    """One way between two locations where it differs, e.g. {icn/nrt: 35ms}."""
    location: str = _ANY_LOCATION
    """Where objects live: a location, or where each is first asked for."""
    first_use: Latency = default("0ms")
    """What the first use of an id costs (a global uniqueness check)."""
    eviction_after_ns: OptionalDuration = default("10s")
    """Idle time after which an object loses its memory."""
    gate: Literal["input_gate", "block_concurrency"] = "input_gate"
    """Who else gets in while a fetch is awaited: all, or nobody (a mutex)."""
    block_limit_ns: OptionalDuration = default("30s")
    """How long the mutex may be held before the object is reset; with `unlimited` and
    `called_by: rpc` it is a plain mutex, as a `sync.Mutex` for each key."""
    on_error: OnError = "answers"
    """What a failure under the mutex does: leave as a response (answers), be thrown
    when the mutex is free (throws), be thrown there and reset the object (resets)."""
    called_by: CalledBy = "fetch"
    """How the worker calls it: a response of fetch() leaves the mutex behind all who
    wait, a result of a method (rpc) at once."""
    cleanup: Cleanup = "finally"
    """Which end of a fetch removes it: finally, on_success, on_failure or never."""
    service_time: Latency = default("0ms")
    """How long its code runs for a request; meanwhile others queue."""
    storage_time: Latency = default("0ms")
    """How long it awaits its own storage for a request; meanwhile others queue."""
    storage_after: Latency = default("0ms")
    """How long it stores what a fetch has brought before it answers; others queue."""
    capacity_per_s: OptionalRate = default("unlimited")
    """Requests per second that it takes at most; documented as about 1,000/s."""
    queue_limit: OptionalCount = default("unlimited")
    """How many requests may wait; beyond that it is overloaded (503)."""
    queue_timeout_ns: OptionalDuration = default("unlimited")
    """How long a request may wait; beyond that it is overloaded (503)."""

    @field_validator("block_limit_ns")
    @classmethod
    def _positive(cls, limit_ns: int | None) -> int | None:
        if limit_ns == 0:
            raise ValueError("write a time above zero, e.g. 30s, or unlimited")
        return limit_ns

    @override
    def causes(self) -> Removals:
        at_once = {"capacity": "unlimited", "service_time": "0ms"}
        endless = dict.fromkeys(("queue_limit", "queue_timeout"), "unlimited")
        return {
            "poisoned_flight": {"cleanup": "finally"},
            "serialized": {"gate": "input_gate"},
            "object_overload": at_once | endless,
        }

    @property
    @override
    def serializes(self) -> bool:
        return self.gate == "block_concurrency"

    @property
    @override
    def says_wait(self) -> str:
        if self.serializes:
            return "Other misses queue for its object."
        return super().says_wait

    @property
    @override
    def platform_limit(self) -> PlatformLimit | None:
        is_set = self.capacity_per_s is not None
        return None if is_set else _LIMIT._replace(is_of_a_key=self.id_from == "key")

    @override
    def waits_before(self) -> Iterator[Wait]:
        yield Wait(_WAY, self.first_use.expected_ns)
        yield Wait(_WAY, self.hop.expected_ns)
        yield Wait("work of the object", self.service_time.expected_ns)
        yield Wait("work of the object", self.storage_time.expected_ns)

    @override
    def waits_after(self) -> Iterator[Wait]:
        yield Wait("work of the object", self.storage_after.expected_ns)
        yield Wait(_WAY_BACK, self.hop.expected_ns)

    @override
    def locations_named(self) -> Iterator[tuple[str, str]]:
        if self.location != _ANY_LOCATION:
            yield "location", self.location
        for pair in self.hops:
            for end in pair.split("/"):
                yield "hops", end

    @override
    def inside(self, context: LayerContext) -> Domains:
        first_use = context.sampler(self.first_use, "first_use")
        objects = Objects(
            context.clock,
            context.recorder.usage,
            id_of=self._id_of(),
            location_of=self._location_of(context),
            first_use_ns=lambda request: first_use.draw(request.id, request.attempt),
            eviction_after_ns=self.eviction_after_ns,
            shuts=any(
                context.sampler(getattr(self, name), name).constant_ns != 0
                for name in ("service_time", "storage_time", "storage_after")
            ),
        )
        context.changeable.objects.append(objects)
        return objects

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, objects = context.clock, cast("Objects", context.inner_domains)
        gate = self._gate(fetch, context, objects)
        there, back = self._hops(context, "hop"), self._hops(context, "hop_back")
        tell = context.tell

        def call(request: Request) -> Steps:
            instance = objects.instance_of(request)
            now_ns = clock.now_ns
            hop_ns = there(request, instance.location)
            arrives_at_ns = max(now_ns, instance.ready_at_ns) + hop_ns
            if arrives_at_ns > now_ns:
                if tell is not None:
                    tell(request, _FIRST_USE, instance.ready_at_ns)
                    tell(request, _WAY, arrives_at_ns)
                yield clock.until(arrives_at_ns, START, request)
            objects.enter(instance)
            try:
                answer = yield from gate.deliver(request, instance)
            finally:
                objects.leave(instance)
            hop_ns = back(request, instance.location)
            if hop_ns:
                if tell is not None:
                    tell(request, _WAY_BACK)
                yield clock.after(hop_ns, ANSWER, request)
            return answer

        return call

    def _id_of(self) -> Callable[[int], int]:
        if self.id_from == "key":
            return lambda key: key
        if self.id_from == "global":
            return lambda _: 0
        shards, spread = self.id_from.shards, Stream(0, "durable_object.shards")
        return lambda key: spread.bits(key) % shards

    def _location_of(self, context: LayerContext) -> Callable[[Request], int]:
        if self.location == _ANY_LOCATION:
            return context.domains.location_of
        index = context.index_of(self.location)
        return lambda _: index

    def _hops(self, context: LayerContext, name: str) -> Callable[[Request, int], int]:
        usual = context.sampler(self.hop, name)
        if not self.hops:
            return lambda request, _: usual.draw(request.id, request.attempt)
        between = self.hops_between(context, name)
        from_location = context.domains.location_of

        def hop_ns(request: Request, location: int) -> int:
            sampler = between.get((from_location(request), location), usual)
            return sampler.draw(request.id, request.attempt)

        return hop_ns

    def hops_between(
        self, context: LayerContext, name: str
    ) -> dict[tuple[int, int], Sampler]:
        """Return the draws of a hop, by the locations at its ends."""
        between: dict[tuple[int, int], Sampler] = {}
        for pair, latency in self.hops.items():
            ends = [context.index_of(end) for end in pair.split("/")]
            sampler = context.sampler(latency, f"{name}[{pair}]")
            between[ends[0], ends[-1]] = between[ends[-1], ends[0]] = sampler
        return between

    def _gate(self, fetch: Fetch, context: LayerContext, objects: Objects) -> Gate:
        is_mutex = self.serializes
        code = context.recorder.code_of("durable_object")
        flights = Flights(
            context.clock,
            notes=FlightNotes.of(context.recorder),
            cleanup=self.cleanup,
            is_leader_bound=is_mutex,
            code=code,
        )
        thread = Thread(
            context.clock,
            context.recorder.usage,
            service=context.sampler(self.service_time, "service_time"),
            storage=context.sampler(self.storage_time, "storage_time"),
            storage_after=context.sampler(self.storage_after, "storage_after"),
            spacing_ns=round(NS_PER_S / (self.capacity_per_s or float("inf"))),
            shuts=objects.shuts,
            queue_limit=self.queue_limit,
            queue_timeout_ns=self.queue_timeout_ns,
            code=code,
            tell=context.tell,
            queued=context.recorder.note(QUEUED.unit),
        )
        fetch = objects.holding(thread.storing(fetch, objects))
        if is_mutex:
            return BlockConcurrency(
                *(thread, objects, flights, fetch),
                limit_ns=self.block_limit_ns,
                on_error=self.on_error,
                called_by=self.called_by,
                resets=context.recorder.note(RESET.unit),
            )
        there, back = (
            context.sampler(self.hop, "hop"),
            context.sampler(self.hop, "hop_back"),
        )
        if (
            context.index == 1
            and thread.is_instant
            and not self.hops
            and isinstance(there, Quantiles)
            and isinstance(back, Quantiles)
        ):
            coalescing_point = CoalescingPoint(
                flights, objects.domain_if_used, there, back
            )
            context.coalescing_points.append(coalescing_point)
        return InputGate(thread, flights, fetch)
