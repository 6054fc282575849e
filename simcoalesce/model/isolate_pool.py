"""Isolates that come and go: which of them a request meets, and how long they live."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simcoalesce.distribution import Distribution
from simcoalesce.model.clock import NEVER_NS, START, Clock, Fetch, Steps
from simcoalesce.model.domains import FIRST_NEW
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.recorder import Recorder
from simcoalesce.model.trace import Tell
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler

ISOLATE_EVENTS: Final[Sequence[LayerEvent]] = (
    LayerEvent(
        "cold_starts", "cold_starts", "isolate", "Isolates start cold: {number}."
    ),
)
"""What can happen in isolates, as `Layer.events` says it of layers."""
_START: Final = "start of its isolate"


@dataclass(frozen=True)
class IsolateRules:
    """How isolates come and go.

    Attributes:
        isolates: How many serve at each location.
        spill_above: With how many requests in progress the home isolate of a location
            takes no more from others; None if requests stay where the traffic says.
        cold_start: How long a new isolate takes until it serves.
        idle_after_ns: Idle time after which an isolate is evicted; None if never.
        lifetime: How long an isolate lives at most; None if without limit.
        starts_warm: Whether each server runs an isolate when the run begins.
    """

    isolates: int
    spill_above: int | None
    cold_start: Distribution
    idle_after_ns: int | None
    lifetime: Distribution | None
    starts_warm: bool = False


class _Isolate:
    """One runtime instance, from its start to its eviction."""

    __slots__ = ("active", "ends_at_ns", "idle_since_ns", "number", "ready_at_ns")

    def __init__(self, number: int, ready_at_ns: int, ends_at_ns: int) -> None:
        self.number = number
        self.ready_at_ns = ready_at_ns
        self.ends_at_ns = ends_at_ns
        self.active = 0
        """How many requests are inside."""
        self.idle_since_ns = 0


class IsolatePool:
    """The isolates of all locations, each at the server that runs it.

    Who enters is from then on a request of the isolate that it met: what layers keep
    there is gone with it. Servers are numbered as isolates are in the traffic. The
    first one of a location is its home: that is where the ring sends all requests of
    one Worker, and which server that is makes no difference.

    Source: blog.cloudflare.com, "Eliminating Cold Starts 2: shard and conquer",
    2025-09-26: a request that arrives anywhere is forwarded to the server that the
    Worker's place on a consistent hash ring says; if that one is overloaded it refuses,
    and the server that has the request runs it itself. When it refuses is not
    published: here it does so by the number of requests in progress.
    """

    def __init__(
        self, clock: Clock, recorder: Recorder, rules: IsolateRules, seed: int
    ) -> None:
        """Begin with one isolate at each server, or with none.

        Args:
            clock: The clock.
            recorder: Notes where requests run.
            rules: How isolates come and go.
            seed: Decides how long they live, and take to start.
        """
        self._clock = clock
        self._recorder = recorder
        self._rules = rules
        self._cold_start = rules.cold_start.sampler(seed, "isolates.cold_start")
        self._lifetime: Sampler | None = None
        if rules.lifetime is not None:
            self._lifetime = rules.lifetime.sampler(seed, "isolates.lifetime")
        self._count_start = recorder.counter("cold_starts")
        self._starts_warm = rules.starts_warm
        self._running: dict[int, _Isolate] = {}
        self._next = FIRST_NEW

    def entering(self, fetch: Fetch, tell: Tell | None = None) -> Fetch:
        """Return the way of a request into the isolate that it meets, and on."""
        clock = self._clock

        def entered(request: Request) -> Steps:
            server = self._server_of(request)
            isolate = self._isolate_of(server, request)
            self._recorder.ran_at(request, server)
            isolate.active += 1
            try:
                if isolate.ready_at_ns > clock.now_ns:
                    if tell is not None:
                        tell(request, _START, isolate.ready_at_ns)
                    yield clock.until(isolate.ready_at_ns, START, request)
                return (yield from fetch(request.inside(isolate.number)))
            finally:
                isolate.active -= 1
                isolate.idle_since_ns = clock.now_ns

        return entered

    def restart(self) -> None:
        """Have new requests meet new isolates; those inside finish where they are."""
        self._running.clear()
        self._starts_warm = False

    def _server_of(self, request: Request) -> int:
        """Return the server that runs a request: the home, or where it arrived."""
        above = self._rules.spill_above
        if above is None:
            return request.isolate
        home = request.location * self._rules.isolates
        isolate = self._running.get(home)
        is_full = (0 if isolate is None else isolate.active) >= above
        return request.isolate if is_full else home

    def _isolate_of(self, server: int, request: Request) -> _Isolate:
        """Return the isolate that a server runs; a request may have to start it."""
        isolate = self._running.get(server)
        if isolate is None and self._starts_warm:
            isolate = _Isolate(server, 0, self._end_ns(0, request))
        if isolate is None or self._is_over(isolate):
            isolate = self._new(request)
        self._running[server] = isolate
        return isolate

    def _is_over(self, isolate: _Isolate) -> bool:
        """Return whether an isolate has been evicted, since nobody is inside."""
        if isolate.active:
            return False
        now_ns, limit_ns = self._clock.now_ns, self._rules.idle_after_ns
        is_idle = limit_ns is not None and now_ns - isolate.idle_since_ns >= limit_ns
        return is_idle or now_ns >= isolate.ends_at_ns

    def _new(self, request: Request) -> _Isolate:
        now_ns, number = self._clock.now_ns, self._next
        self._next += 1
        self._count_start()
        start_ns = self._cold_start.draw(request.id, request.attempt)
        return _Isolate(number, now_ns + start_ns, self._end_ns(now_ns, request))

    def _end_ns(self, since_ns: int, request: Request) -> int:
        """Return when an isolate ends at the latest that is met by a request first."""
        if self._lifetime is None:
            return NEVER_NS
        return since_ns + self._lifetime.draw(request.id, request.attempt)


def isolate_pool(
    rules: IsolateRules | None, context: LayerContext
) -> IsolatePool | None:
    """Return the isolates of a run, if they come and go."""
    if rules is None:
        return None
    pool = IsolatePool(context.clock, context.recorder, rules, context.seed)
    context.changeable.isolates.append(pool)
    return pool
