"""Gates of an object: which requests it lets in, and when."""

from typing import Literal, Protocol, TypeAlias

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, EXPIRE, START, Fetch, Signal, Steps
from simcoalesce.model.flights import Flights
from simcoalesce.model.note import UNKEPT, Note
from simcoalesce.model.object_thread import Thread
from simcoalesce.model.objects import QUEUE, Instance, Objects
from simcoalesce.request import Request

OnError: TypeAlias = Literal["answers", "throws", "resets"]
"""What a failure under a mutex does.

``answers``: it is caught there, and leaves as a response. ``throws``: it is caught, and
thrown once the mutex is free. ``resets``: it is thrown there, which resets the object:
all who wait get 500.
"""

CalledBy: TypeAlias = Literal["fetch", "rpc"]
"""How a worker calls an object: by `fetch()`, or by a method (RPC)."""


class Gate(Protocol):
    """Lets requests into an object."""

    def deliver(self, request: Request, instance: Instance) -> Steps:
        """Bring a request in, and return its answer."""


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
        resets: Note = UNKEPT,
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
            resets: How a run notes that an object is reset.
        """
        self._noted_resets = resets
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
            self._noted_resets.happened()
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
        if signal not in instance.answers:
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
