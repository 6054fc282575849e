"""The clock: whole nanoseconds, and one order of everything that happens at once."""

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from inspect import GEN_CLOSED, getgeneratorstate
from typing import Any, Final, TypeAlias

import simpy
from simpy.core import EmptySchedule
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.request import Request

# The phases of an instant, in order; the request id decides inside a phase. What
# completes comes before what starts: a write that is visible at t is seen by a read
# issued at t, and a flight that ends at t is not joined at t.
COMPLETE: Final = 1 << 56
"""Something ends: an origin call, a write, a turn at an object."""
ANSWER: Final = 2 << 56
"""An answer travels back: a flight tells its followers, an object replies."""
EXPIRE: Final = 3 << 56
"""A deadline passes: an answer at the deadline is in time."""
START: Final = 4 << 56
"""Something begins: an arrival, what follows a look-up, a retry."""
RETURN: Final = 5 << 56
"""An object's gate opens for what a fetch brought back: behind all who came before."""

NEVER_NS: Final = 1 << 62
"""An instant later than all that happens."""

Wake: TypeAlias = tuple[int, int]
"""When to go on: the instant in nanoseconds, and its place in the order of ties."""

Steps: TypeAlias = Generator[Wake | simpy.Event, Any, Answer]
"""The way of one request: it yields what it waits for, and returns its answer."""

Fetch: TypeAlias = Callable[[Request], Steps]
"""What a request is given to: the whole path, or the rest of it behind a layer."""

Answered: TypeAlias = Callable[[Request, int, Answer], None]
"""Takes note of when a request got its answer, and which."""


class Process:
    """A way under way: resumed at its wake-ups and by the events it waits for.

    It does what `simpy.Process` does without the two bookkeeping events of each, and
    its wake-ups stand in the queue themselves, so a request costs one queue entry for
    each time it really waits.
    """

    __slots__ = ("_clock", "_send", "_steps", "_then", "wakes_at_ns")

    def __init__(
        self, clock: "Clock", steps: Steps, then: Callable[[Answer], None]
    ) -> None:
        self._clock = clock
        self._steps = steps
        self._send = steps.send
        self._then = then
        self.wakes_at_ns = 0
        """When it goes on, as far as that is known."""

    def resume(self, event: simpy.Event | None = None) -> None:
        """Go on until the next wait; at the end, hand the answer over."""
        while True:
            try:
                target = self._send(None) if event is None else self._got(event)
            except StopIteration as end:
                self._finish(end.value)
                return
            if isinstance(target, tuple):
                self.wakes_at_ns = target[0]
                self._clock.wake(target, self)
                return
            self.wakes_at_ns = 0
            waiting: list[Any] | None = target.callbacks
            if waiting is not None:
                waiting.append(self.resume)
                return
            event = target

    def _got(self, event: simpy.Event) -> Wake | simpy.Event:
        """Hand over what an event brought: its value, or its failure."""
        if event._ok:  # noqa: SLF001 - as simpy.Process does
            return self._send(event._value)  # noqa: SLF001
        event.defused = True
        if getgeneratorstate(self._steps) == GEN_CLOSED:
            raise StopIteration
        return self._steps.throw(event._value)  # noqa: SLF001

    def stop(self) -> None:
        """End here: nobody waits for the answer, and nothing more is done for it."""
        self._then = _ignore
        self._steps.close()

    def _finish(self, answer: Answer) -> None:
        self._then(answer)


class _Visit(Process):
    """The process of a request that a client sent; the model's `answered` gets it."""

    __slots__ = ("_answered", "_request")

    def __init__(
        self, clock: "Clock", request: Request, steps: Steps, answered: Answered
    ) -> None:
        self._clock = clock
        self._steps = steps
        self._send = steps.send
        self._request = request
        self._answered = answered

    @override
    def _finish(self, answer: Answer) -> None:
        self._answered(self._request, self._clock.now_ns, answer)


class _Alarm(Process):
    """A function that waits for its instant."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self._call = call

    @override
    def resume(self, event: simpy.Event | None = None) -> None:
        self._call()


def _ignore(answer: Answer) -> None:
    """Drop the answer of a process that nobody waits for."""


class Signal(simpy.Event):
    """An event that is sent at most once; who comes too late changes nothing."""

    def send(self, value: Answer | None, phase: int, request: Request) -> None:
        """Wake all who wait, at this instant, in the order in which they came."""
        if self.triggered:
            return
        self._ok = True
        self._value = value
        clock = self.env
        clock.schedule(self, priority=phase + request.id)  # type: ignore[arg-type]


class Clock(simpy.Environment):
    """Simulated time in whole nanoseconds from the start of the run."""

    def __init__(self) -> None:
        super().__init__(0)
        self.now_ns = 0

    def after(self, wait_ns: int, phase: int, request: Request) -> Wake:
        """Return a wake-up for a request, some nanoseconds from now."""
        return self.now_ns + wait_ns, phase + request.id

    def at(self, instant_ns: int, phase: int, request: Request) -> Wake:
        """Return a wake-up for a request at an instant that is not past."""
        assert instant_ns >= self.now_ns, "the clock never goes back"
        return instant_ns, phase + request.id

    def call_at(
        self, instant_ns: int, phase: int, request: Request, call: Callable[[], None]
    ) -> None:
        """Call a function at an instant, on behalf of a request."""
        self.wake(self.at(instant_ns, phase, request), _Alarm(call))

    def start(self, steps: Steps, then: Callable[[Answer], None] = _ignore) -> Process:
        """Set a way going, now; `then` gets its answer."""
        process = Process(self, steps, then)
        process.resume()
        return process

    def wake(self, wake: Wake, process: Process) -> None:
        """Put a process to sleep until its wake-up."""
        heappush(self._queue, (*wake, next(self._eid), process))  # type: ignore[misc]

    def begin(self, request: Request, steps: Steps, answered: Answered) -> None:
        """Set the way of a request going, now; `answered` gets its answer."""
        _Visit(self, request, steps, answered).resume()

    def next_wake(self) -> Wake | None:
        """Return when something happens next; None if nothing is under way."""
        return self._queue[0][:2] if self._queue else None  # type: ignore[return-value]

    def pass_until(self, wake: Wake) -> None:
        """Do all that comes before a wake-up, in the order of ties, and be there."""
        queue, step = self._queue, self.step
        while queue and queue[0] < wake:
            step()
        assert wake[0] >= self.now_ns, "the clock never goes back"
        self._now = self.now_ns = wake[0]

    def finish(self) -> None:
        """Do all that is left to do."""
        while self._queue:
            self.step()

    @override
    def step(self) -> None:
        """Do the next thing in the order of ties."""
        if not self._queue:
            raise EmptySchedule
        head: tuple[int, int, int, Process | simpy.Event]
        head = heappop(self._queue)  # type: ignore[assignment]
        self._now = self.now_ns = head[0]
        if isinstance(head[3], Process):
            head[3].resume()
            return
        event = head[3]
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
        for callback in callbacks:
            callback(event)
        if not event._ok and not event.defused:  # noqa: SLF001
            raise event._value  # noqa: SLF001
