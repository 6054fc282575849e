"""limiter: refuses what exceeds a rate limit, or lets it wait."""

from collections.abc import Callable, Sequence
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.model.clock import START, Fetch, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.load_control import LoadControl, Refusals
from simcoalesce.model.rate_limit import Limiter, RateLimits, RunningLimit
from simcoalesce.model.retry_after import RetryAfter, said_ns
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import OptionalCount, OptionalDuration

_REFUSED: Final = LayerEvent(
    "limiter_refused",
    "limiter_refused",
    "request",
    "The limiter refuses {number}.",
    is_error=True,
)
_WAITS: Final = LayerEvent(
    "limiter_queue",
    "limiter_waits",
    "request",
    "Requests wait for tokens of the limiter: {number}, at most {most} at once, for"
    " {longest} at most.",
)


class RateLimiter(LoadControl):
    """What exceeds a rate limit is refused, or waits for its turn.

    Who would wait longer than `wait` is refused at once, and takes no token. The others
    take a token of the future, in order of arrival, and go on at its instant, whatever
    has been stored meanwhile: a `kv.read` or `memory` behind the limiter looks again. A
    client that leaves while it waits leaves its token spent, as nginx's `limit_req`
    does; x/time/rate returns it if no later one has been taken.

    Source: golang.org/x/time/rate, `reserveN` and `Wait`; nginx 1.22.1,
    ngx_http_limit_req_module.c; read 2026-11-30.
    """

    makes_wait: ClassVar[bool] = True
    events: ClassVar[Sequence[LayerEvent]] = (_REFUSED, _WAITS)

    kind: Literal["limiter"] = "limiter"
    rate_limit: RateLimits
    """What may pass: one limit, a list of which all must admit, or the name of a
    preset; `for_each: origin` counts all that pass together."""
    wait_ns: OptionalDuration = default("0ms")
    """The longest wait; who would wait longer is refused at once."""
    queue_limit: OptionalCount = default("unlimited")
    """How many may wait at once, for a key or tenant that has its own limit."""
    status: Annotated[int, Field(ge=400, le=599)] = 429
    """What a refusal says."""
    retry_after_ns: RetryAfter = default("none")
    """What it says of when to come back: none, exact, or a duration."""

    @model_validator(mode="after")
    def _counts_what_passes(self) -> Self:
        if any(one.kind == "concurrency" for one in self.rate_limit):
            raise ValueError(
                "a limiter does not see how long a call takes; instead of kind:"
                " concurrency write the layer {bulkhead: {limit: 100}}"
            )
        if self.wait_ns != 0 and len({one.for_each for one in self.rate_limit}) > 1:
            raise ValueError(
                "its limits count for_each differently, so that nobody could say who is"
                " next; write a limiter for each, one behind the other"
            )
        return self

    @property
    @override
    def streams(self) -> bool:
        return True

    @property
    @override
    def shares(self) -> bool:
        return False

    @property
    @override
    def shares_between_keys(self) -> str:
        is_own = all(one.for_each == "key" for one in self.rate_limit)
        return "" if is_own else super().shares_between_keys

    @property
    @override
    def says_waiting(self) -> str:
        return "wait for a token of the limiter"

    @property
    @override
    def says_wait(self) -> str:
        if self.wait_ns == 0:
            return ""
        longest = "" if self.wait_ns is None else ", for up to {wait}"
        return f"Other misses wait for tokens of the limiter{longest}."

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        clock, queue_of = context.clock, self._queue_of(context)
        refusals = Refusals(self, context, "limiter_refused")
        waits = context.recorder.note(_WAITS.unit)
        longest_ns = float("inf") if self.wait_ns is None else self.wait_ns
        most = float("inf") if self.queue_limit is None else self.queue_limit

        def limited(request: Request) -> Steps:
            queue = queue_of(request)
            wait_ns = queue.wait_ns(clock.now_ns)
            if wait_ns > longest_ns or (wait_ns and queue.waiting >= most):
                retry_after_ns = said_ns(self.retry_after_ns, wait_ns)
                return refusals.answer(self.status, retry_after_ns)
            queue.take(clock.now_ns + wait_ns)
            if wait_ns:
                queue.waiting += 1
                waits.happened(queue.waiting)
                waits.took(wait_ns)
                try:
                    yield clock.after(wait_ns, START, request)
                except GeneratorExit:
                    refusals.withdraw()
                    raise
                finally:
                    queue.waiting -= 1
            return (yield from fetch(request))

        return limited

    def _queue_of(self, context: LayerContext) -> Callable[[Request], "_Queue"]:
        """Return what finds the queue of a request: one for calls counted together."""
        instance_of = self.instance_of(context)
        running: dict[int, list[RunningLimit]] = {}
        queues: dict[tuple[Limiter, ...], _Queue] = {}

        def queue_of(request: Request) -> _Queue:
            instance = instance_of(request)
            if instance not in running:
                keys = context.keys
                running[instance] = [RunningLimit(one, keys) for one in self.rate_limit]
            limiters = tuple(one.of(request.key) for one in running[instance])
            return queues.setdefault(limiters, _Queue(limiters))

        return queue_of


class _Queue:
    """Those who wait for tokens of the same limits, in order of arrival."""

    __slots__ = ("_last_at_ns", "_limiters", "waiting")

    def __init__(self, limiters: Sequence[Limiter]) -> None:
        self._limiters = limiters
        self._last_at_ns = 0
        self.waiting = 0

    def wait_ns(self, now_ns: int) -> int:
        """Return how long one more would wait: behind all who wait, for a token."""
        behind_ns = max(now_ns, self._last_at_ns)
        tokens_ns = max((one.wait_ns(behind_ns) for one in self._limiters), default=0)
        return behind_ns - now_ns + tokens_ns

    def take(self, at_ns: int) -> None:
        """Take a token of an instant, no earlier than the last one."""
        self._last_at_ns = at_ns
        for limiter in self._limiters:
            limiter.take(at_ns, at_ns)
