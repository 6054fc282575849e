"""Host layers: what a real machine does that a scenario says nothing of."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

from typing_extensions import override

from simcoalesce.distribution import Distribution
from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, COMPLETE, START, Clock, Fetch, Steps
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.kv_write import KvWrite
from simcoalesce.randomness import Stream
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler

Series: TypeAlias = tuple[tuple[int, int], ...]
"""Instants in their order, and how long something took then, in nanoseconds."""


class HostThread:
    """The one thread of a runtime: it does all work of an instant before it goes on.

    When a flight ends, what waits for it is run to the last follower, and only then
    does anything leave: answers, puts and calls alike (docs/validation.md).
    """

    def __init__(self) -> None:
        self.clock = Clock()
        """The clock of the run; the layer `HostMachine` says which."""
        self.free_at_ns = 0

    def work(self, takes_ns: int) -> None:
        """Add some work to what is to be done."""
        self.free_at_ns = self.next_ns + takes_ns

    @property
    def next_ns(self) -> int:
        """When it has time for something new."""
        return max(self.clock.now_ns, self.free_at_ns)


class Slowed(Distribution):
    """A latency, and on top of it what was measured at such a time of a run.

    A machine that halts delays everything that goes on at the same time.
    """

    latency: Distribution
    added: tuple[Series, ...]
    thread: Any

    @override
    def sampler(self, seed: int, stream: str) -> Sampler:
        shift_ratio = Stream(seed, "machine.shift").uniform(0)
        added = [_Replay(series, self.thread, shift_ratio) for series in self.added]
        return _Sum([self.latency.sampler(seed, stream), *added])


class _Replay:
    """Replays what was measured, from another moment on."""

    constant_ns: int | None = None

    def __init__(self, series: Series, thread: HostThread, shift_ratio: float) -> None:
        self._at_ns, self._took_ns = zip(*series, strict=True)
        self._thread = thread
        self._span_ns = max(self._at_ns[-1] - self._at_ns[0], 1)
        self._shift_ns = round(shift_ratio * self._span_ns)

    def draw(self, request: int, attempt: int = 0) -> int:  # noqa: ARG002 - a Sampler
        since_ns = self._thread.clock.now_ns + self._shift_ns - self._at_ns[0]
        at_ns = self._at_ns[0] + since_ns % self._span_ns
        took_ns: int = self._took_ns[bisect_right(self._at_ns, at_ns) - 1]
        return took_ns


class _Sum:
    """Draws durations that follow each other."""

    constant_ns: int | None = None

    def __init__(self, parts: Sequence[Sampler]) -> None:
        self._parts = parts

    def draw(self, request: int, attempt: int = 0) -> int:
        return sum(part.draw(request, attempt) for part in self._parts)


class HostMachine(Layer):
    """The way between a client and the runtime, and its work for the request."""

    kind: Literal["machine"] = "machine"
    one_way: Slowed
    request_cpu_ns: int
    thread: Any

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, thread, request_cpu_ns = context.clock, self.thread, self.request_cpu_ns
        thread.clock = clock
        there = context.sampler(self.one_way, "there")
        back = context.sampler(self.one_way, "back")

        def travel(request: Request) -> Steps:
            yield clock.after(there.draw(request.id), START, request)
            yield clock.until(thread.next_ns, START, request)
            answer = yield from fetch(request)
            thread.work(request_cpu_ns)
            # By then all that this instant releases has added its work.
            yield clock.after(1, ANSWER, request)
            leaves_at_ns = thread.next_ns + back.draw(request.id)
            yield clock.until(leaves_at_ns, ANSWER, request)
            return answer

        return travel


class ThreadTurn(Layer):
    """What comes from another process, or goes there, waits while the thread works."""

    kind: Literal["turn"] = "turn"
    thread: Any

    @property
    @override
    def streams(self) -> bool:
        return True

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, thread = context.clock, self.thread

        def take_turns(request: Request) -> Steps:
            yield clock.until(thread.next_ns, START, request)
            answer = yield from fetch(request)
            yield clock.until(thread.next_ns, COMPLETE, request)
            return answer

        return take_turns


class SlowPut(Layer):
    """A put waits too, while all followers get what it puts."""

    kind: Literal["slow_put"] = "slow_put"
    put: KvWrite
    thread: Any

    @property
    @override
    def resumptions(self) -> int:
        return self.put.resumptions

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, thread = context.clock, self.thread
        answers: dict[int, Answer] = {}

        def given(request: Request) -> Steps:
            yield clock.after(1, COMPLETE, request)
            yield clock.until(thread.next_ns, COMPLETE, request)
            return answers.pop(request.id)

        put = self.put.wrap(given, context)

        def write(request: Request) -> Steps:
            answer = answers[request.id] = yield from fetch(request)
            if self.put.acknowledge == "await":
                return (yield from put(request))
            clock.start(put(request))
            return answer

        return write
