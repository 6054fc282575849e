"""waiting_list: a cache that lets the requests for a busy key go in groups."""

from collections import deque
from typing import Final, Literal

from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.client import detached
from simcoalesce.model.clock import ANSWER, Fetch, Signal, Steps
from simcoalesce.model.layer import LayerContext
from simcoalesce.model.lifetime import lifetime_ns
from simcoalesce.model.location_cache import HttpCache, Stored
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import NS_PER_S, Duration, PositiveCount, PositiveDuration

_ERROR_GRACE_NS: Final = 5 * NS_PER_S
"""How long after its lifetime a synthetic 503 is in grace (vbf_stp_error)."""
_RUSHES_AT_END: Final = 2
"""How often a complete fetch lets others go, besides the once when its headers come and
its object is no longer busy: when the fetch lets it go, and when its request does
(Varnish 7.1.1: 9 calls follow the first of a failing origin, then 81; with a
`rush_exponent` of 2, 6 and 36)."""


class WaitingList(HttpCache):
    """A cache with Varnish 7's waiting list, grace and hit-for-miss.

    Who finds a key busy waits without limit of time for the headers of its answer, and
    is let go with `rush` others; who then finds the answer lets `rush` more go, and all
    stream the one body. An answer that may not be stored,
    a 429 and a 5xx leave a mark: for `hit_for_miss`, and the grace after it, everybody
    fetches at once, and each fetch lets 3 x `rush` of those who still wait go. A fetch
    that fails (a `timeout` layer behind this one) is a 503, kept for `error_ttl` if
    somebody waits. What was stored is served through its grace by all, while it is
    fetched in the background. A fetch goes on when its client leaves.

    Simplification: what came last is all that is kept of a key, and all who are let go
    to a stored answer come at once.

    Source: Varnish 7.1.1, cache_hash.c, cache_fetch.c, builtin.vcl; and runs, 2026-11.
    """

    kind: Literal["waiting_list"] = "waiting_list"
    ttl_ns: PositiveDuration = default("120s")
    """How long an answer is fresh if it does not say (`default_ttl`)."""
    grace_ns: Duration = default("10s")
    """How long after that it is served while it is fetched in the background."""
    rush: PositiveCount = 3
    """How many are let go at a time (`rush_exponent`)."""
    hit_for_miss_ns: Duration = default("120s")
    """How long nobody waits for a key whose last answer could not be stored; 0 leaves
    no mark, so that those who wait fetch one after the other."""
    error_ttl_ns: Duration = default("1s")
    """How long the 503 of a failed fetch is kept for those who wait."""

    @property
    @override
    def says_wait(self) -> str:
        return "The key is busy: other misses wait until its answer comes."

    @property
    @override
    def serves_incomplete(self) -> bool:
        return True

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        return _BusyCache(self, fetch, context).serve


class _Kept:
    """Last answer of a key, or None for a hit-for-miss mark."""

    __slots__ = ("stored", "until_ns")

    def __init__(self, stored: Stored | None, until_ns: int) -> None:
        self.stored = stored
        self.until_ns = until_ns
        """When its grace is over."""


class _Head:
    """State of a key at a location: what is kept, how many fetch, who waits."""

    __slots__ = ("fetches", "kept", "waiting")

    def __init__(self) -> None:
        self.kept: _Kept | None = None
        self.fetches = 0
        self.waiting: deque[tuple[Signal, Request]] = deque()


class _BusyCache:
    """The heads of all keys at all locations."""

    def __init__(self, layer: WaitingList, fetch: Fetch, context: LayerContext) -> None:
        self._layer = layer
        self._fetch = fetch
        self._clock = context.clock
        self._recorder = context.recorder
        self._location_of = context.domains.location_of
        self._code = context.recorder.code_of(layer.kind)
        self._heads: dict[tuple[int, int], _Head] = {}

    def serve(self, request: Request) -> Steps:
        """Answer from what is kept, or begin a process that outlasts its client."""
        key = (self._location_of(request), request.key)
        head = self._heads.get(key)
        if head is None:
            head = self._heads[key] = _Head()
        served = self._served(head, request)
        if served is not None:
            return served
        steps = self._wait_and_fetch(head, request)
        return (yield from detached(self._clock, request, steps))

    def _served(self, head: _Head, request: Request) -> Answer | None:
        """Return what is kept, if it is fresh or in grace."""
        kept, now_ns = head.kept, self._clock.now_ns
        if kept is None or kept.stored is None or now_ns >= kept.until_ns:
            return None
        if now_ns < kept.stored.expires_at_ns:
            return kept.stored.hit()
        if not head.fetches:
            self._clock.start(self._lead(head, request))
        return kept.stored.stale()

    def _wait_and_fetch(self, head: _Head, request: Request) -> Steps:
        """Wait while somebody fetches; then take what came, or fetch."""
        asked_at_ns = self._clock.now_ns
        while True:
            kept = head.kept
            if kept is not None and asked_at_ns < kept.until_ns:
                if kept.stored is None:
                    break
                # It came while this request waited, so it is fresh for it.
                self._let_go(head, self._layer.rush)
                return kept.stored.followed()
            if not head.fetches:
                break
            turn = Signal(self._clock)
            head.waiting.append((turn, request))
            yield turn
        return (yield from self._lead(head, request))

    def _lead(self, head: _Head, request: Request) -> Steps:
        head.fetches += 1
        answer = yield from self._fetch(request)
        head.fetches -= 1
        if self._recorder.name_of(answer.served_by) == "timeout":
            answer = self._failed(head, answer.attempts)
        else:
            self._keep(head, answer)
        self._let_go(head, self._layer.rush)
        self._clock.start(self._end(head, answer, request))
        return answer.as_led()

    def _end(self, head: _Head, answer: Answer, request: Request) -> Steps:
        """Let others go when a fetch is complete."""
        yield from self._clock.complete(answer, request)
        self._let_go(head, _RUSHES_AT_END * self._layer.rush)
        return answer

    def _keep(self, head: _Head, answer: Answer) -> None:
        layer = self._layer
        fresh_ns = lifetime_ns(answer, layer.ttl_ns)
        if fresh_ns:
            self._store(head, answer, fresh_ns, layer.grace_ns)
        elif layer.hit_for_miss_ns:
            marked_ns = layer.hit_for_miss_ns + layer.grace_ns
            head.kept = _Kept(None, self._clock.now_ns + marked_ns)

    def _failed(self, head: _Head, attempts: int) -> Answer:
        """Return the answer to a failed fetch; keep it for those who wait."""
        now_ns, lifetime_ns = self._clock.now_ns, self._layer.error_ttl_ns
        error = Answer(503, Lookup.MISS, Role.LEADER, self._code, now_ns, attempts)
        if head.waiting and lifetime_ns:
            self._store(head, error, lifetime_ns, _ERROR_GRACE_NS)
        return error

    def _store(self, head: _Head, answer: Answer, ttl_ns: int, grace_ns: int) -> None:
        expires_at_ns = self._clock.now_ns + ttl_ns
        stored = Stored(answer, expires_at_ns=expires_at_ns, code=self._code)
        head.kept = _Kept(stored, expires_at_ns + grace_ns)

    def _let_go(self, head: _Head, count: int) -> None:
        for _ in range(min(count, len(head.waiting))):
            turn, waiter = head.waiting.popleft()
            turn.send(None, ANSWER, waiter)
