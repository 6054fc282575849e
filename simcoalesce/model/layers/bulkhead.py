"""bulkhead: so many calls at once; others wait in line, or are refused."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Sequence
from typing import ClassVar, Final, Literal

from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import EXPIRE, START, Clock, Fetch, Signal, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.load_control import LoadControl, Refusals
from simcoalesce.model.rate_limit import parts_of
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import OptionalCount, OptionalDuration, PositiveCount

_REFUSED: Final = LayerEvent(
    "bulkhead_refused",
    "bulkhead_refused",
    "request",
    "The bulkhead refuses {number}.",
    is_error=True,
)
_WAITS: Final = LayerEvent(
    "bulkhead_queue",
    "bulkhead_waits",
    "request",
    "Requests wait for their turn at the bulkhead: {number}, at most {most} at once,"
    " for {longest} at most.",
)
_TURN: Final = Answer(200, Lookup.MISS, Role.NONE, 0, 0)
"""Tells a call that waits that it may go on."""


class Bulkhead(LoadControl):
    """So many calls at once, from their start to the end of their answer's body.

    The others wait in order of arrival for up to `queue_timeout`, then get 503; a turn
    that comes at that instant is in time. A client that leaves frees its turn. The
    defaults are those of resilience4j, which does not let anybody wait.

    Source: resilience4j, BulkheadConfig.java and SemaphoreBulkhead.java (with
    `fairCallHandlingStrategyEnabled`, its default); read 2026-11-30.
    """

    makes_wait: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = (_REFUSED, _WAITS)

    kind: Literal["bulkhead"] = "bulkhead"
    limit: PositiveCount = 25
    """How many calls are under way at once."""
    for_each: Literal["all", "key", "tenant"] = "all"
    """Whose calls are counted together: all, those for a key, or those of a tenant,
    which is named before the first / of its keys."""
    queue_timeout_ns: OptionalDuration = default("0ms")
    """How long a call may wait; beyond that it is refused (503)."""
    queue_limit: OptionalCount = default("unlimited")
    """How many calls may wait; beyond that they are refused at once (503)."""

    @property
    @override
    def shares(self) -> bool:
        return False

    @property
    @override
    def shares_between_keys(self) -> str:
        return "" if self.for_each == "key" else super().shares_between_keys

    @property
    @override
    def says_wait(self) -> str:
        if self.queue_timeout_ns == 0 or self.queue_limit == 0:
            return ""
        longest = "" if self.queue_timeout_ns is None else ", for up to {queue_timeout}"
        calls = "call" if self.limit == 1 else "calls"
        line = f"other misses wait in line{longest}"
        return f"At most {self.limit:,} {calls} at once: {line}."

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        line_of = self._line_of(context)
        refusals = Refusals(self, context, "bulkhead_refused")
        clock, waits = context.clock, context.recorder.note(_WAITS.unit)
        may_wait = self.queue_timeout_ns != 0
        most = float("inf") if self.queue_limit is None else self.queue_limit

        def limited(request: Request) -> Steps:
            line = line_of(request)
            if line.under_way < self.limit:
                line.under_way += 1
            elif not may_wait or len(line.waiting) >= most:
                return refusals.answer(503)
            else:
                began_ns = clock.now_ns
                waits.happened(len(line.waiting) + 1)
                try:
                    turn = yield from line.wait(request, self.queue_timeout_ns)
                    waits.took(clock.now_ns - began_ns)
                except GeneratorExit:
                    refusals.withdraw()
                    raise
                if turn is not _TURN:
                    return refusals.answer(503)
            try:
                return (yield from fetch(request))
            finally:
                line.leave()

        return limited

    def _line_of(self, context: LayerContext) -> Callable[[Request], "_Line"]:
        """Return what finds the line of a request: one for calls counted together."""
        instance_of, parts = self.instance_of(context), None
        if self.for_each != "all":
            parts = parts_of(self.for_each, context.keys).tolist()
        lines: defaultdict[tuple[int, int], _Line] = defaultdict(
            lambda: _Line(context.clock)
        )

        def line_of(request: Request) -> _Line:
            part = parts[request.key] if parts else 0
            return lines[instance_of(request), part]

        return line_of


class _Line:
    """Calls under way, and those who wait for their turn."""

    __slots__ = ("_clock", "under_way", "waiting")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.under_way = 0
        self.waiting: OrderedDict[Signal, Request] = OrderedDict()

    def wait(self, request: Request, timeout_ns: int | None) -> Steps:
        """Wait for a turn, and take it; what comes at the time-out is none."""
        signal = Signal(self._clock)
        self.waiting[signal] = request

        def expire(_: object) -> None:
            if self.waiting.pop(signal, None) is not None:
                signal.send(None, EXPIRE, request)

        if timeout_ns is not None:
            deadline = self._clock.after(timeout_ns, EXPIRE, request)
            deadline.callbacks.append(expire)
        try:
            turn: Answer = yield signal
        except GeneratorExit:
            is_given = self.waiting.pop(signal, None) is None and signal.value is _TURN
            if is_given:
                self.leave()
            raise
        return turn

    def leave(self) -> None:
        """End a call: its turn is that of the first who waits."""
        if not self.waiting:
            self.under_way -= 1
            return
        signal, request = self.waiting.popitem(last=False)
        signal.send(_TURN, START, request)
