"""Thread of an object: one request at a time, first come, first served."""

from typing import Final

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import EXPIRE, START, Clock, Fetch, Steps
from simcoalesce.model.note import UNKEPT, Note
from simcoalesce.model.objects import QUEUE, Instance, Objects
from simcoalesce.model.recorder import Usage
from simcoalesce.model.trace import Tell
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler

_WORK: Final = "work of the object"


class Thread:
    """Single thread of an object: a queue, first come, first served.

    A turn is the time that code runs and storage is awaited. It is known in advance, so
    a request knows at its arrival when its turn ends.
    """

    def __init__(  # noqa: PLR0913 - one argument for each rule
        self,
        clock: Clock,
        usage: Usage,
        *,
        service: Sampler,
        storage: Sampler,
        storage_after: Sampler,
        spacing_ns: int,
        shuts: bool,
        queue_limit: int | None,
        queue_timeout_ns: int | None,
        code: int,
        tell: Tell | None = None,
        queued: Note = UNKEPT,
    ) -> None:
        """Set the rules.

        Args:
            clock: The clock.
            usage: Where the longest queue is noted.
            service: Time that code runs.
            storage: Time that storage is awaited.
            storage_after: Time that it is awaited for what a fetch has brought.
            spacing_ns: Least time between two turns.
            shuts: Whether what is inside the object awaits its storage.
            queue_limit: How many may wait.
            queue_timeout_ns: How long each may wait.
            code: Who answers for an overload, as a ``served_by``.
            tell: Takes what requests wait for.
            queued: How a run notes requests that wait.
        """
        self.clock = clock
        self.tell = tell
        self._queued = queued
        self._usage = usage
        self._service = service
        self._storage = storage
        self._storage_after = storage_after
        self._spacing_ns = spacing_ns
        self.queue_limit = queue_limit
        self.queue_timeout_ns = queue_timeout_ns
        self._code = code
        times = (service, storage, storage_after)
        is_free = all(sampler.constant_ns == 0 for sampler in times)
        self.is_instant = is_free and not spacing_ns and not shuts

    def failure(self, status: int) -> Answer:
        """Return the answer of an object that cannot serve."""
        now_ns = self.clock.now_ns
        return Answer(status, Lookup.MISS, Role.NONE, self._code, now_ns)

    def note_queue(self, instance: Instance) -> None:
        """Note how long the queue is now."""
        queued = instance.queued(self.clock.now_ns)
        self._usage.object_peak_queue = max(self._usage.object_peak_queue, queued)
        self._queued.happened(queued)

    def is_full(self, instance: Instance) -> bool:
        """Whether the queue is full."""
        limit = self.queue_limit
        return limit is not None and instance.queued(self.clock.now_ns) >= limit

    def turn(self, request: Request, instance: Instance) -> Steps:
        """Wait for a turn and take it; the answer counts only if it is a failure."""
        clock = self.clock
        now_ns = clock.now_ns
        starts_at_ns = max(now_ns, instance.free_at_ns)
        if starts_at_ns > now_ns and self.is_full(instance):
            return self.failure(503)
        limit_ns = self.queue_timeout_ns
        if limit_ns is not None and starts_at_ns - now_ns > limit_ns:
            self._enqueue(instance, now_ns + limit_ns)
            if self.tell is not None:
                self.tell(request, QUEUE)
            yield clock.after(limit_ns, EXPIRE, request)
            return self.failure(503)
        takes_ns = self._service.draw(request.id, request.attempt)
        takes_ns += self._storage.draw(request.id, request.attempt)
        instance.free_at_ns = starts_at_ns + max(takes_ns, self._spacing_ns)
        if takes_ns:
            instance.shut_until_ns = starts_at_ns + takes_ns
        if starts_at_ns > now_ns:
            self._enqueue(instance, starts_at_ns)
        if starts_at_ns + takes_ns > now_ns:
            if self.tell is not None:
                self.tell(request, QUEUE, starts_at_ns)
                self.tell(request, _WORK, starts_at_ns + takes_ns)
            yield clock.until(starts_at_ns + takes_ns, START, request)
        return self.failure(200)

    def storing(self, fetch: Fetch, objects: Objects) -> Fetch:
        """Return a way whose answers are put into storage; failures never are."""
        if self.is_instant:
            return fetch

        def stored(request: Request) -> Steps:
            answer = yield from fetch(request)
            if answer.ok and answer.cacheable:
                takes_ns = self._storage_after.draw(request.id, request.attempt)
                if takes_ns:
                    yield from objects.await_storage(
                        request, takes_ns, self.tell, _WORK
                    )
            return answer

        return stored

    def _enqueue(self, instance: Instance, until_ns: int) -> None:
        """Join the queue, which is left in the order in which it is joined."""
        instance.leaves_at_ns.append(until_ns)
        self.note_queue(instance)
