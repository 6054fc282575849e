"""Trace: when a request, and those whose fetches it may wait for, pass each layer.

Nothing of it is there in a run that is not traced: `edge.composed` puts it between the
layers, and layers tell what they wait for only if somebody listens.
"""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, TypeAlias, TypeVar

from simcoalesce.model.answer import Answer
from simcoalesce.model.arrivals import FastPath
from simcoalesce.model.clock import NEVER_NS, Clock, Fetch, Steps
from simcoalesce.request import Request, Requests

Result = TypeVar("Result")

BODY: Final = "body"
"""What waits for the rest of an answer are called."""


class Tell(Protocol):
    """Takes what a request waits for in a layer, from now on until an instant."""

    def __call__(
        self,
        request: Request,
        name: str,
        until_ns: int = NEVER_NS,
        *,
        is_awaited: bool = True,
    ) -> None:
        """Take note; of several at one instant each begins where the last one ends.

        Args:
            request: Who waits.
            name: For what.
            until_ns: Until when, at the latest.
            is_awaited: Whether the answer waits for it.
        """


class TellAt(Protocol):
    """Returns what takes notes of waits in a layer, or in what it runs in."""

    def __call__(self, where: str = "") -> Tell | None:
        """Return it; None if nobody listens."""


Slot: TypeAlias = tuple[int, int, int]
"""A layer's index in the path, a request, and which attempt of it."""


class Told(NamedTuple):
    """What a layer told: for what a request waits, from when, and until when."""

    at_ns: int
    until_ns: int
    name: str
    where: str
    """Where, if it is not the layer."""


@dataclass(eq=False, slots=True)
class Span:
    """The way of a request through a layer and all behind it, from call to answer."""

    index: int
    """How many layers stand before it."""
    request: Request
    domain: int
    """In which isolate or object."""
    entered_at_ns: int
    left_at_ns: int = NEVER_NS
    answer: Answer | None = None
    """What came of it; None if it was stopped."""
    parent: "Span | None" = None
    inside: "list[Span]" = field(default_factory=list)
    """What it asked of the next layer, in order."""
    told: list[Told] = field(default_factory=list)
    background: list[Told] = field(default_factory=list)
    """What was told that its answer did not wait for."""

    def cut_short(self, now_ns: int) -> int:
        """Let what was told before now end now; return where what is told now begins.

        Only what was told last can go on beyond now: it looks at no other.
        """
        told, begin = self.told, len(self.told)
        while begin and told[begin - 1].at_ns == now_ns:
            begin -= 1
        for at in range(begin - 1, -1, -1):
            if told[at].until_ns <= now_ns:
                break
            told[at] = told[at]._replace(until_ns=now_ns)
        return begin


class SpanTrace:
    """What happens to one request, and to those that ask for the same keys meanwhile.

    A run has the same rows with it and without.
    """

    def __init__(
        self,
        request: int,
        *,
        keys: Collection[int] | None,
        from_ns: int,
        until_ns: int,
    ) -> None:
        """Follow one request.

        Args:
            request: Its number.
            keys: Whose fetches it may wait for; None for all.
            from_ns: When it arrives: what ends before that is not kept.
            until_ns: When it is answered: what others begin after that neither.
        """
        self.request = request
        self._keys = keys
        self._from_ns = from_ns
        self._until_ns = until_ns
        self._running: Span | None = None
        self._latest: dict[Slot, Span] = {}
        self._kept: defaultdict[int, list[Span]] = defaultdict(list)

    def spans(self, index: int) -> list[Span]:
        """Return what passed a layer and had not ended when the request arrived."""
        return self._kept[index]

    @property
    def root(self) -> Span:
        """The way of the request through the whole path."""
        return next(one for one in self._kept[0] if one.request.id == self.request)

    def watching(
        self,
        fetch: Fetch,
        index: int,
        clock: Clock,
        domain_of: Callable[[Request], int],
    ) -> Fetch:
        """Return the way through a layer, of which notes are made."""

        def watched(request: Request) -> Steps:
            if not self._follows(request, clock.now_ns):
                return fetch(request)
            span = self._enter(index, request, clock.now_ns)
            span.domain = domain_of(request)
            return self._passing(span, fetch, clock)

        return watched

    def tell(self, index: int, clock: Clock, where: str = "", which: str = "") -> Tell:
        """Return what takes notes of waits in a layer.

        Args:
            index: Of the layer, in the path.
            clock: The clock.
            where: In what else, e.g. the isolate that the layer runs in.
            which: Which of several alike has a name of its own.
        """

        def tell(
            request: Request,
            name: str,
            until_ns: int = NEVER_NS,
            *,
            is_awaited: bool = True,
        ) -> None:
            span = self._latest.get((index, request.id, request.attempt))
            now_ns = clock.now_ns
            if span is None:
                return
            name = f"{name} {which}" if which else name
            if not is_awaited:
                span.background.append(Told(now_ns, until_ns, name, where))
                return
            begin = span.cut_short(now_ns)
            told = span.told[begin:]
            if told and told[-1].until_ns == NEVER_NS:
                told.pop()
                span.told.pop()
            begins_ns = told[-1].until_ns if told else now_ns
            if until_ns > begins_ns:
                span.told.append(Told(now_ns, until_ns, name, where))

        return tell

    def besides(self, fast_path: FastPath) -> FastPath:
        """Return a fast path that leaves the request to the layers."""
        return _Besides(fast_path, self.request)

    def _follows(self, request: Request, now_ns: int) -> bool:
        if request.id == self.request:
            return True
        is_like = self._keys is None or request.key in self._keys
        return is_like and now_ns <= self._until_ns

    def _enter(self, index: int, request: Request, now_ns: int) -> Span:
        span = Span(index, request, -1, now_ns, parent=self._parent(index, request))
        self._latest[index, request.id, request.attempt] = span
        if span.parent is not None:
            span.parent.inside.append(span)
        return span

    def _parent(self, index: int, request: Request) -> Span | None:
        """Return the span from which the next layer is asked.

        It runs now, unless it goes on by itself, e.g. when its client has left.
        """
        running = self._running
        if (
            running is not None
            and running.index == index - 1
            and running.request.id == request.id
        ):
            return running
        return self._latest.get((index - 1, request.id, request.attempt))

    def _passing(self, span: Span, fetch: Fetch, clock: Clock) -> Steps:
        """Go through a layer, and note when it is left."""
        steps = self._within(span, lambda: fetch(span.request))
        resume: Callable[[], Any] = partial(next, steps)
        while True:
            try:
                event = self._within(span, resume)
            except StopIteration as end:
                self._leave(span, clock.now_ns, end.value)
                return end.value  # type: ignore[no-any-return]
            try:
                value = yield event
            except GeneratorExit:
                self._within(span, steps.close)
                self._leave(span, clock.now_ns, None)
                raise
            resume = partial(steps.send, value)

    def _within(self, span: Span, act: Callable[[], Result]) -> Result:
        """Do something of which a span is the innermost that runs."""
        outer, self._running = self._running, span
        try:
            return act()
        finally:
            self._running = outer

    def _leave(self, span: Span, now_ns: int, answer: Answer | None) -> None:
        span.left_at_ns, span.answer = now_ns, answer
        if now_ns >= self._from_ns:
            self._kept[span.index].append(span)
            return
        slot = (span.index, span.request.id, span.request.attempt)
        if self._latest.get(slot) is span:
            del self._latest[slot]


class _Besides:
    """A fast path for all but one."""

    def __init__(self, fast_path: FastPath, request: int) -> None:
        self._fast_path = fast_path
        self._request = request

    def completes(self, request: Request) -> bool:
        """Complete one request, if its answer is known; return whether it is."""
        return request.id != self._request and self._fast_path.completes(request)

    def complete(self, chunk: Requests, start: int, stop: int) -> int:
        """Complete some of the requests [start, stop) from the first on."""
        index = self._request - chunk.first_id
        stop = index if start <= index < stop else stop
        return self._fast_path.complete(chunk, start, stop) if start < stop else 0
