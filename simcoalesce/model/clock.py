"""Clock: SimPy's environment in whole nanoseconds, with one order of ties."""

import itertools
from collections.abc import Callable, Generator
from heapq import heappop, heappush
from inspect import GEN_CLOSED, getgeneratorstate
from typing import Any, Final, TypeAlias, TypeVar

import simpy
from simpy.core import EmptySchedule
from simpy.events import NORMAL
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.request import Request
from simcoalesce.run_bounds import (
    HORIZON_NS,
    MOST_EVENTS,
    check_instant,
    too_many_events,
)

Result = TypeVar("Result")

# The phases of an instant, in order; the request id decides inside a phase. What
# completes comes before what starts: a write that is visible at t is seen by a read
# issued at t, and a flight that ends at t is not joined at t.
CHANGE: Final = 0
"""The edge itself changes: what happens at this instant meets it changed."""
COMPLETE: Final = 1 << 56
"""Something ends: an origin call, a write, a turn at an object."""
ANSWER: Final = 2 << 56
"""An answer travels back: a flight tells its followers, an object replies."""
EXPIRE: Final = 3 << 56
"""A deadline passes: an answer at the deadline is in time."""
START: Final = 4 << 56
"""Something begins: an arrival, what follows a lookup, a retry."""
RETURN: Final = 5 << 56
"""An object's gate opens for what a fetch brought back: behind all who came before."""

NEVER_NS: Final = HORIZON_NS
"""An instant later than all that happens."""

Steps: TypeAlias = Generator[simpy.Event, Any, Answer]
"""A process generator as SimPy has it: it yields events, and returns an answer."""

Waiting: TypeAlias = Generator[simpy.Event, Any, Result]
"""A process generator that returns something else."""

Fetch: TypeAlias = Callable[[Request], Steps]
"""What a request is given to: the whole path, or the rest of it behind a layer."""


class PriorityTimeout(simpy.Timeout):
    """A wait, with its priority among the events of its instant."""

    ok = True
    value = None

    def __init__(self, clock: "Clock", wait_ns: int, priority: int) -> None:
        self.at_ns = clock.now_ns + wait_ns
        self.priority = priority
        simpy.Timeout.__init__(self, clock, wait_ns)


class Signal(simpy.Event):
    """An event that is sent at most once; a second `send` changes nothing."""

    def send(self, value: Answer | None, phase: int, request: Request) -> None:
        """Resume all who wait, at this instant, in the order in which they came."""
        if not self.triggered:
            self.priority = phase + request.id
            self.succeed(value)


class Process:
    """A process that starts and ends at once, without an event for either.

    It runs what `simpy.Process` runs, and is no event itself
    (docs/adr/0017-a-process-without-events-of-its-own.md).
    """

    __slots__ = ("_steps", "_target", "_then")

    def __init__(self, steps: Waiting[Any], then: Callable[[Any], None]) -> None:
        self._steps = steps
        self._then = then
        self._target: simpy.Event | None = None

    @property
    def wakes_at_ns(self) -> int:
        """When it goes on, if it waits for a known time; otherwise 0."""
        return self._target.at_ns if isinstance(self._target, PriorityTimeout) else 0

    def resume(self, event: simpy.Event | None = None) -> None:
        """Run until the next wait, or to the end; `then` gets the answer."""
        while True:
            try:
                if event is None:
                    event = self._steps.send(None)
                elif event.ok:
                    event = self._steps.send(event.value)
                else:
                    event = self._fail(event)
            except StopIteration as end:
                self._then(end.value)
                return
            callbacks: list[Any] | None = event.callbacks
            if callbacks is not None:
                self._target = event
                callbacks.append(self.resume)
                return

    def _fail(self, event: simpy.Event) -> simpy.Event:
        """Raise the exception of a failed event where it is waited for."""
        event.defused = True
        if getgeneratorstate(self._steps) == GEN_CLOSED:
            raise StopIteration
        return self._steps.throw(event.value)  # type: ignore[arg-type]

    def stop(self) -> None:
        """End here: the generator is closed, and nobody gets an answer."""
        self._then = _ignore
        self._steps.close()


def _ignore(answer: object) -> None:
    """Drop what a process returns that nobody waits for."""


class Clock(simpy.Environment):
    """Environment in whole nanoseconds, with one order of simultaneous events.

    It orders them by their own priority, and keeps its queue itself, so that an arrival
    advances the time without being an event.
    """

    def __init__(self) -> None:
        super().__init__(0)
        self.now_ns = 0
        self._events: list[tuple[Any, int, int, simpy.Event]] = []
        self._count = itertools.count()

    def after(self, wait_ns: int, phase: int, request: Request) -> PriorityTimeout:
        """Return an event some nanoseconds from now, on behalf of a request."""
        return PriorityTimeout(self, wait_ns, phase + request.id)

    def until(self, instant_ns: int, phase: int, request: Request) -> PriorityTimeout:
        """Return an event at an instant that is not past, on behalf of a request."""
        return PriorityTimeout(self, instant_ns - self.now_ns, phase + request.id)

    def complete(self, answer: Answer, request: Request) -> Steps:
        """Wait until the body of an answer is there, and return the answer."""
        if answer.complete_at_ns > self.now_ns:
            yield self.until(answer.complete_at_ns, COMPLETE, request)
        return answer

    def start(
        self, steps: Waiting[Result], then: Callable[[Result], None] = _ignore
    ) -> Process:
        """Start a process, now; `then` gets what it returns."""
        process = Process(steps, then)
        process.resume()
        return process

    @property
    @override
    def now(self) -> int:
        return self.now_ns

    @override
    def schedule(
        self, event: simpy.Event, priority: int = NORMAL, delay: float = 0
    ) -> None:
        at_ns, priority = self.now_ns + delay, getattr(event, "priority", priority)
        number = next(self._count)
        if at_ns >= HORIZON_NS:
            check_instant(at_ns)
        if number > MOST_EVENTS:
            raise too_many_events()
        heappush(self._events, (at_ns, priority, number, event))

    @override
    def peek(self) -> float:
        return self._events[0][0] if self._events else float("inf")

    @override
    def step(self) -> None:
        if not self._events:
            raise EmptySchedule
        self.now_ns, _, _, event = heappop(self._events)
        callbacks, event.callbacks = event.callbacks, None  # type: ignore[assignment]
        for callback in callbacks:
            callback(event)
        if not event.ok and not event.defused:
            raise event.value  # type: ignore[misc]

    def next_event(self) -> tuple[int, int] | None:
        """Return the instant and the priority of the next event, if there is one."""
        return self._events[0][:2] if self._events else None

    def advance(self, instant_ns: int, priority: int) -> None:
        """Process all events before an instant and a priority, and be there."""
        events, step, until = self._events, self.step, (instant_ns, priority)
        while events and events[0] < until:
            step()
        assert instant_ns >= self.now_ns, "the clock never goes back"
        self.now_ns = instant_ns
