"""Gates of an object: which requests it lets in, and when."""

from typing import Final, Literal, Protocol, TypeAlias

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, EXPIRE, START, Clock, Fetch, Signal, Steps
from simcoalesce.model.flights import Flights
from simcoalesce.model.objects import QUEUE, Instance, Objects
from simcoalesce.model.recorder import Usage
from simcoalesce.model.trace import Tell
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler

OnError: TypeAlias = Literal["answers", "throws", "resets"]
"""What a failure under a mutex does.

``answers``: it is caught there, and leaves as a response. ``throws``: it is caught, and
thrown once the mutex is free. ``resets``: it is thrown there, which resets the object:
all who wait get 500.
"""

CalledBy: TypeAlias = Literal["fetch", "rpc"]
"""How a worker calls an object: by `fetch()`, or by a method (RPC)."""

_WORK: Final = "work of the object"


class Gate(Protocol):
    """Lets requests into an object."""

    def deliver(self, request: Request, instance: Instance) -> Steps:
        """Bring a request in, and return its answer."""


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
        """
        self.clock = clock
        self.tell = tell
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


class InputGate:
    """While a fetch is awaited, others are let in and join or start flights."""

    def __init__(self, thread: Thread, flights: Flights, fetch: Fetch) -> None:
        self._thread = thread
        self._flights = flights
        self._fetch = fetch

    def deliver(self, request: Request, instance: Instance) -> Steps:
        """Bring a request in, and return its answer."""
        if not self._thread.is_instant:
            turn = yield from self._thread.turn(request, instance)
            if not turn.ok:
                return turn
        return (yield from self._flights.join(instance.domain, request, self._fetch))


class BlockConcurrency:
    """A mutex: one request from its start to its end, whatever it awaits.

    The work goes on when the client leaves. If it takes too long, or throws where that
    resets the object, all who wait get an error.
    """

    def __init__(  # noqa: PLR0913 - one argument for each rule
        self,
        thread: Thread,
        objects: Objects,
        flights: Flights,
        fetch: Fetch,
        *,
        limit_ns: int | None,
        on_error: OnError,
        called_by: CalledBy,
    ) -> None:
        """Set the rules.

        Args:
            thread: The object's thread.
            objects: The namespace.
            flights: The in-flight map of each object.
            fetch: What runs under the mutex.
            limit_ns: How long the mutex may be held; None if for ever.
            on_error: What a failure under the mutex does.
            called_by: How callers ask the object.
        """
        self._resets = on_error == "resets"
        self._throws = on_error == "throws"
        self._is_rpc = called_by == "rpc"
        self._thread = thread
        self._clock = thread.clock
        self._objects = objects
        self._inside = InputGate(thread, flights, fetch)
        self._limit_ns = limit_ns

    def deliver(self, request: Request, instance: Instance) -> Steps:
        """Bring a request in, and return its answer."""
        if instance.is_held:
            if self._thread.is_full(instance):
                return self._thread.failure(503)
            signal = Signal(self._clock)
            self._limit_wait(request, instance, signal)
            turn = yield from self._turn(request, instance, signal)
            if not turn.ok:
                return turn
        answer: Answer = yield self._hold(request, instance)
        return (yield from self._let_out(request, instance, answer))

    def _hold(self, request: Request, instance: Instance) -> Signal:
        """Take the mutex, and start the work; return the signal that brings its end."""
        instance.is_held = True
        done = Signal(self._clock)

        def release(answer: Answer) -> None:
            if self._resets and not answer.ok:
                reset()
                return
            self._hand_over(instance)
            done.send(answer, ANSWER, request)

        def reset() -> None:
            self._objects.reset(instance, self._thread.failure(500))
            done.send(self._thread.failure(500), ANSWER, request)

        work = self._clock.start(self._inside.deliver(request, instance), release)

        def expire(_: object) -> None:
            if not done.triggered:
                work.stop()
                reset()

        if self._limit_ns is not None:
            deadline = self._clock.after(self._limit_ns, EXPIRE, request)
            deadline.callbacks.append(expire)
        return done

    def _let_out(self, request: Request, instance: Instance, answer: Answer) -> Steps:
        """Answer the caller: a response of fetch() leaves behind all who wait.

        Results of remote procedure calls, and what is thrown, leave at once: so does
        the real runtime (docs/validation.md).
        """
        leaves_at_once = self._is_rpc or (self._throws and not answer.ok)
        if leaves_at_once or not instance.is_held:
            return answer
        signal = Signal(self._clock)
        instance.answers.add(signal)
        turn = yield from self._turn(request, instance, signal)
        if not turn.ok:
            return turn
        self._hand_over(instance)
        return answer

    def _turn(self, request: Request, instance: Instance, signal: Signal) -> Steps:
        """Queue for the mutex; a request that has left by its turn passes it on."""
        instance.waiting[signal] = request
        self._thread.note_queue(instance)
        if self._thread.tell is not None:
            self._thread.tell(request, QUEUE)
        try:
            turn: Answer = yield signal
        except GeneratorExit:
            given: Answer | None = None
            if instance.waiting.pop(signal, None) is None:
                given = signal.value
            instance.answers.discard(signal)
            if given is not None and given.ok:
                self._hand_over(instance)
            raise
        return turn

    def _limit_wait(self, request: Request, instance: Instance, signal: Signal) -> None:
        limit_ns = self._thread.queue_timeout_ns
        if limit_ns is None:
            return

        def expire(_: object) -> None:
            if instance.waiting.pop(signal, None) is not None:
                signal.send(self._thread.failure(503), EXPIRE, request)

        self._clock.after(limit_ns, EXPIRE, request).callbacks.append(expire)

    def _hand_over(self, instance: Instance) -> None:
        instance.is_held = bool(instance.waiting)
        if instance.is_held:
            signal, request = instance.waiting.popitem(last=False)
            instance.answers.discard(signal)
            signal.send(self._thread.failure(200), START, request)
