"""Durable objects: one single-threaded actor for a key, a shard, or for all."""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from typing import Final

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import (
    ANSWER,
    RETURN,
    Clock,
    Fetch,
    PriorityTimeout,
    Signal,
    Steps,
)
from simcoalesce.model.recorder import Usage
from simcoalesce.model.trace import BODY, Tell, TellAt
from simcoalesce.request import Request

QUEUE: Final = "queue of the object"
"""What waits for the turns of others are called."""
GATE: Final = "input gate of the object"
"""What waits are called of what a fetch or a put has brought back."""


class Instance:
    """State of one object: location, thread, gate and queue."""

    __slots__ = (
        "active",
        "active_since_ns",
        "answers",
        "busy_until_ns",
        "domain",
        "free_at_ns",
        "idle_since_ns",
        "is_held",
        "leaves_at_ns",
        "location",
        "ready_at_ns",
        "shut_until_ns",
        "waiting",
    )

    def __init__(self, domain: int, location: int, ready_at_ns: int) -> None:
        self.domain = domain
        self.location = location
        self.ready_at_ns = ready_at_ns
        self.active = 0
        self.active_since_ns = 0
        self.idle_since_ns = ready_at_ns
        """When it has, or will have, nothing more to wait for, if nobody comes."""
        self.busy_until_ns = 0
        """When the last put in the background is acknowledged."""
        self.free_at_ns = 0
        """When its thread can take the next request."""
        self.shut_until_ns = 0
        """When all who came so far have had their turns; until then it is shut."""
        self.leaves_at_ns: deque[int] = deque()
        self.is_held = False
        self.waiting: OrderedDict[Signal, Request] = OrderedDict()
        self.answers: set[Signal] = set()
        """Those of the waiting that only want to let an answer out."""

    def queued(self, at_ns: int) -> int:
        """Return how many requests wait for their turn."""
        leaves = self.leaves_at_ns
        while leaves and leaves[0] <= at_ns:
            leaves.popleft()
        return len(leaves) + len(self.waiting) - len(self.answers)


class Objects:
    """All objects of one namespace: the `Domains` of the layers inside them."""

    def __init__(  # noqa: PLR0913 - one argument for each rule
        self,
        clock: Clock,
        usage: Usage,
        *,
        id_of: Callable[[int], int],
        location_of: Callable[[Request], int],
        first_use_ns: Callable[[Request], int],
        eviction_after_ns: int | None,
        shuts: bool,
    ) -> None:
        """Make a namespace without objects.

        Args:
            clock: The clock.
            usage: Where active time is counted.
            id_of: The object of a key.
            location_of: Where a request brings a new object into being.
            first_use_ns: What the first use of an object costs.
            eviction_after_ns: Idle time after which an object loses its memory.
            shuts: Whether turns take time, during which its gate is shut.
        """
        self._clock = clock
        self._usage = usage
        self._id_of = id_of
        self._location_of = location_of
        self._first_use_ns = first_use_ns
        self._eviction_after_ns = eviction_after_ns
        self.shuts = shuts
        """Whether storage or code takes time, during which a gate is shut."""
        self._instances: dict[int, Instance] = {}
        self._domains = 0

    def instance_of(self, request: Request) -> Instance:
        """Return the request's object; the first to ask brings it into being."""
        object_id = self._id_of(request.key)
        instance = self._instances.get(object_id)
        if instance is None:
            ready_at_ns = self._clock.now_ns + self._first_use_ns(request)
            instance = Instance(
                self._new_domain(), self._location_of(request), ready_at_ns
            )
            self._instances[object_id] = instance
        return instance

    def domain_if_used(self, request: Request) -> int | None:
        """Return the domain of the request's object, if there is one."""
        instance = self._instances.get(self._id_of(request.key))
        return None if instance is None else instance.domain

    def domain_of(self, request: Request) -> int:
        """Return the domain of the request's object: it changes when memory is lost."""
        return self.instance_of(request).domain

    def location_of(self, request: Request) -> int:
        """Return where the request's object is."""
        return self.instance_of(request).location

    def is_warm(self, domain: int) -> bool:  # noqa: ARG002 - protocol
        """Say no: what an object had in its memory before the run, it has lost."""
        return False

    def awaiting(self, fetch: Fetch, resumptions: int, tell_at: TellAt) -> Fetch:
        """Return a layer as it is awaited in an object.

        Each resumption queues before the gate, behind all who came before it: so the
        runtime does (docs/validation.md).

        Args:
            fetch: The layer.
            resumptions: How often the code that awaits it goes on.
            tell_at: Returns what takes what it waits for, and where.
        """
        if not self.shuts:
            return fetch
        clock, tell, at_gate = self._clock, tell_at(), tell_at("durable_object")

        def resumed(request: Request) -> Steps:
            answer = yield from fetch(request)
            instance = self.instance_of(request)
            for resumption in range(resumptions):
                if resumption:
                    if tell is not None:
                        tell(request, BODY, answer.complete_at_ns)
                    yield from clock.complete(answer, request)
                if instance.shut_until_ns > clock.now_ns:
                    if at_gate is not None:
                        at_gate(request, GATE, instance.shut_until_ns)
                    yield clock.until(instance.shut_until_ns, RETURN, request)
            return answer

        return resumed

    def await_storage(
        self, request: Request, takes_ns: int, tell: Tell | None, name: str
    ) -> Iterator[PriorityTimeout]:
        """Await the storage of a request's object; meanwhile others queue.

        Args:
            request: The request.
            takes_ns: How long the storage takes.
            tell: Takes what the request waits for.
            name: What that is called.
        """
        instance = self.instance_of(request)
        starts_at_ns = max(self._clock.now_ns, instance.free_at_ns)
        instance.free_at_ns = instance.shut_until_ns = starts_at_ns + takes_ns
        if tell is not None:
            tell(request, QUEUE, starts_at_ns)
            tell(request, name, instance.free_at_ns)
        yield self._clock.until(instance.free_at_ns, ANSWER, request)

    def enter(self, instance: Instance) -> None:
        """Begin a request in an object, which may have forgotten all since the last."""
        now_ns = self._clock.now_ns
        if instance.active == 0:
            limit_ns = self._eviction_after_ns
            if limit_ns is not None and now_ns - instance.idle_since_ns >= limit_ns:
                instance.domain = self._new_domain()
        self._begin(instance)
        self._usage.object_requests += 1

    def holding(self, fetch: Fetch) -> Fetch:
        """Return a way that keeps its object active, with callers or without.

        Source: developers.cloudflare.com/durable-objects, "Pricing" and "Lifecycle",
        read 2026-11-30: pending operations keep an object in memory, up to 15 minutes
        each. Simplification: longer ones too.
        """

        def held(request: Request) -> Steps:
            instance = self.instance_of(request)
            self._begin(instance)
            try:
                return (yield from fetch(request))
            finally:
                self.leave(instance)

        return held

    def _begin(self, instance: Instance) -> None:
        if instance.active == 0:
            # It may still wait for a put, which is counted until its end.
            instance.active_since_ns = max(self._clock.now_ns, instance.idle_since_ns)
        instance.active += 1

    def leave(self, instance: Instance) -> None:
        """End a request in an object, or what it fetches."""
        instance.active -= 1
        if instance.active == 0:
            self._count(instance, instance.active_since_ns)

    def stay_active(self, request: Request, until_ns: int) -> None:
        """Keep an object active until a put is acknowledged, as `holding` does."""
        instance = self.instance_of(request)
        instance.busy_until_ns = max(instance.busy_until_ns, until_ns)
        if instance.active == 0:
            self._count(instance, max(self._clock.now_ns, instance.idle_since_ns))

    def _count(self, instance: Instance, since_ns: int) -> None:
        """Count active time from an instant until there is nothing to wait for."""
        now_ns = self._clock.now_ns
        instance.idle_since_ns = max(now_ns, instance.busy_until_ns, since_ns)
        self._usage.object_active_ns += instance.idle_since_ns - since_ns

    def restart(self) -> None:
        """Have all objects lose their memory; what they are at goes on."""
        for instance in self._instances.values():
            instance.domain = self._new_domain()

    def reset(self, instance: Instance, refusal: Answer) -> None:
        """Reset an object: its memory is lost, its queue is refused."""
        instance.domain = self._new_domain()
        instance.is_held = False
        waiting, instance.waiting = instance.waiting, OrderedDict()
        instance.answers.clear()
        for turn, request in waiting.items():
            turn.send(refusal, ANSWER, request)

    def _new_domain(self) -> int:
        self._domains += 1
        return self._domains
