"""waiting_list: a cache that lets the requests for a busy key go in groups."""

from collections import deque
from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar, Final, Literal

from pydantic import Field
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.client import detached
from simcoalesce.model.clock import ANSWER, Fetch, Signal, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import ErrorTtl, lifetime_ns
from simcoalesce.model.location_cache import HttpCache, Stored
from simcoalesce.model.store import Store
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import NS_PER_S, Duration, PositiveCount, PositiveDuration

_STORED_ERRORS: Final = ("404", "410", "414")
"""Errors that Varnish stores as it stores content (7.1.1, cache_rfc2616.c)."""
_SERVER_ERROR: Final = 500
ERROR_GRACE_NS: Final = 5 * NS_PER_S
"""How long after its lifetime a synthetic 503 is in grace (vbf_stp_error)."""
RUSHES_AT_END: Final = 2
"""How often a complete fetch lets others go, besides the once when its headers come and
its object is no longer busy: when the fetch lets it go, and when its request does
(Varnish 7.1.1: 9 calls follow the first of a failing origin, then 81; with a
`rush_exponent` of 2, 6 and 36)."""


_WOKEN: Final = LayerEvent(
    "woken_in_vain",
    "woken_in_vain",
    "request",
    "Who has waited for a busy key is let go without an answer, and fetches: {number}.",
)


class WaitingList(HttpCache):
    """A cache with Varnish 7's waiting list, grace, hit-for-miss and hit-for-pass.

    Who finds a key busy waits without limit of time for the headers of its answer, and
    is let go with `rush` others; who then finds the answer lets `rush` more go, and all
    stream the one body. A 404, a 410 and a 414 are stored like content. What may not be
    stored leaves a mark: for `hit_for_miss`, and the grace after it, everybody
    fetches at once, and each fetch lets 3 x `rush` of those who still wait go. A fetch
    that fails (a `timeout` layer behind this one) is a 503, kept for `failed_fetch_ttl`
    if somebody waits. What was stored is served through its grace by all, while it is
    fetched in the background. A fetch goes on when its client leaves.

    Simplification: what came last is all that is kept of a key, and all who are let go
    to a stored answer come at once.

    Source: Varnish 7.1.1, cache_hash.c, cache_fetch.c, builtin.vcl; and runs, 2026-11.
    """

    events: ClassVar[Sequence[LayerEvent]] = (_WOKEN,)

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
    hit_for_pass_ns: Duration = default("0s")
    """If above 0, what could not be stored leaves a mark for so long, without grace,
    while which nothing is stored either (`return (pass(120s))`)."""
    error_ttl: ErrorTtl = Field(default_factory=dict)
    """How long errors are fresh, e.g. {5xx: 1s}; 404, 410 and 414 as long as content,
    if nothing is said of them."""
    failed_fetch_ttl_ns: Duration = default("1s")
    """How long the 503 of a failed fetch is kept for those who wait."""
    stale_if_error_ns: Duration = default("0s")
    """How long after its lifetime content stands in for a 5xx: for who fetched, and
    all who waited (`return (abandon)`)."""

    @override
    def causes(self) -> Removals:
        return {**super().causes(), "uncacheable": {"hit_for_miss": "0ms"}}

    @property
    @override
    def says_wait(self) -> str:
        return "The key is busy: other misses wait until its answer comes."

    @property
    @override
    def serves_incomplete(self) -> bool:
        return True

    def lifetime_ns(self, answer: Answer) -> int | None:
        """Return how long an answer is fresh; None if it may not be stored."""
        return lifetime_ns(answer, self.ttl_ns, self.kept_errors)

    @cached_property
    def kept_errors(self) -> dict[str, int]:
        """How long errors are fresh, with those that Varnish keeps by itself."""
        return dict.fromkeys(_STORED_ERRORS, self.ttl_ns) | self.error_ttl

    @override
    def answering(self, fetch: Fetch, context: LayerContext) -> Fetch:
        return _BusyCache(self, fetch, context).serve


class _Kept:
    """Last answer of a key, or None for a mark."""

    __slots__ = ("passes", "stored", "until_ns")

    def __init__(
        self, stored: Stored | None, until_ns: int, *, passes: bool = False
    ) -> None:
        self.stored = stored
        self.until_ns = until_ns
        """When its grace, or the mark, is over."""
        self.passes = passes
        """Whether it is a hit-for-pass: nothing is stored meanwhile."""


class _Head:
    """State of a key at a location: what is kept, how many fetch, who waits."""

    __slots__ = ("_key", "_store", "failed_at_ns", "fetches", "waiting")

    def __init__(self, store: Store[_Kept], key: tuple[int, int]) -> None:
        self._store = store
        self._key = key
        self.fetches = 0
        self.failed_at_ns = -1
        """When a fetch failed last whose error the kept answer stood in for."""
        self.waiting: deque[tuple[Signal, Request]] = deque()

    @property
    def kept(self) -> _Kept | None:
        """What is kept of it."""
        return self._store.get(*self._key)

    @kept.setter
    def kept(self, kept: _Kept) -> None:
        self._store.put(*self._key, kept)


class _BusyCache:
    """The heads of all keys at all locations."""

    def __init__(self, layer: WaitingList, fetch: Fetch, context: LayerContext) -> None:
        self._layer = layer
        self._fetch = fetch
        self._clock = context.clock
        self._recorder = context.recorder
        self._tier_of = layer.tier_of(context)
        self._code = context.recorder.code_of(layer.served_by)
        self._store = layer.own_store(context, layer.ttl_ns, self._held)
        self._heads: dict[tuple[int, int], _Head] = {}
        self._woken = context.recorder.note(_WOKEN.unit)

    def serve(self, request: Request) -> Steps:
        """Answer from what is kept, or begin a process that outlasts its client."""
        key = (self._tier_of(request), request.key)
        head = self._heads.get(key)
        if head is None:
            head = self._heads[key] = _Head(self._store, key)
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
        asked_at_ns, has_waited = self._clock.now_ns, False
        while True:
            kept = head.kept
            if kept is not None and asked_at_ns < kept.until_ns:
                if kept.passes:
                    return (yield from self._pass(head, request))
                if kept.stored is None:
                    break
                # It came while this request waited, so it is fresh for it.
                self._let_go(head, self._layer.rush)
                return kept.stored.followed()
            if kept is not None and kept.stored and asked_at_ns <= head.failed_at_ns:
                self._let_go(head, self._layer.rush)
                return kept.stored.stale()
            if not head.fetches:
                break
            turn, has_waited = Signal(self._clock), True
            head.waiting.append((turn, request))
            yield turn
        if has_waited:
            self._woken.happened()
        return (yield from self._lead(head, request))

    def _lead(self, head: _Head, request: Request) -> Steps:
        head.fetches += 1
        answer = yield from self._fetch(request)
        head.fetches -= 1
        came = self._failed(answer)
        rescue = self._rescue(head, came or answer)
        if rescue is None:
            self._keep(head, answer, came)
        self._let_go(head, self._layer.rush)
        self._clock.start(self._end(head, answer, request))
        return rescue or (came or answer).as_led()

    def _pass(self, head: _Head, request: Request) -> Steps:
        """Let others go, and fetch alone: nobody waits for it, and it is not stored."""
        self._let_go(head, self._layer.rush)
        answer = yield from self._fetch(request)
        return (self._failed(answer) or answer).as_led()

    def _failed(self, answer: Answer) -> Answer | None:
        """Return the error that a failed fetch becomes; None if it has an answer."""
        if self._recorder.name_of(answer.served_by) != "timeout":
            return None
        made = self._code, self._clock.now_ns, answer.attempts
        return Answer(503, Lookup.MISS, Role.LEADER, *made)

    def _rescue(self, head: _Head, answer: Answer) -> Answer | None:
        """Return what stands in for an error, if content is kept for that long."""
        kept, now_ns = head.kept, self._clock.now_ns
        if answer.status < _SERVER_ERROR or kept is None or kept.stored is None:
            return None
        until_ns = kept.stored.expires_at_ns + self._layer.stale_if_error_ns
        if not kept.stored.ok or now_ns >= until_ns:
            return None
        head.failed_at_ns = now_ns
        return kept.stored.stale()

    def _end(self, head: _Head, answer: Answer, request: Request) -> Steps:
        """Let others go when a fetch is complete."""
        yield from self._clock.complete(answer, request)
        self._let_go(head, RUSHES_AT_END * self._layer.rush)
        return answer

    def _keep(self, head: _Head, answer: Answer, failed: Answer | None) -> None:
        """Keep an answer, or a mark; a failed fetch only for those who wait."""
        layer, now_ns = self._layer, self._clock.now_ns
        stays_ns = layer.lifetime_ns(answer)
        if failed is not None:
            if head.waiting and layer.failed_fetch_ttl_ns:
                stays_ns = layer.failed_fetch_ttl_ns
                head.kept = self._stored(failed, stays_ns, ERROR_GRACE_NS)
        elif stays_ns and (stays_ns := stays_ns - layer.age_of(answer, now_ns)) > 0:
            head.kept = self._stored(answer, stays_ns, layer.grace_ns)
        elif layer.hit_for_pass_ns:
            head.kept = _Kept(None, now_ns + layer.hit_for_pass_ns, passes=True)
        elif layer.hit_for_miss_ns:
            marked_ns = layer.hit_for_miss_ns + layer.grace_ns
            head.kept = _Kept(None, now_ns + marked_ns)

    def _stored(self, answer: Answer, ttl_ns: int, grace_ns: int) -> _Kept:
        return self._since(self._clock.now_ns, answer, ttl_ns, grace_ns)

    def _held(self, answer: Answer) -> _Kept:
        """Return an answer that was stored before the run, when it was made."""
        since_ns, layer = answer.generated_at_ns, self._layer
        return self._since(since_ns, answer, layer.ttl_ns, layer.grace_ns)

    def _since(self, at_ns: int, answer: Answer, ttl_ns: int, grace_ns: int) -> _Kept:
        stored = Stored(answer, at_ns, at_ns + ttl_ns, code=self._code)
        return _Kept(stored, stored.expires_at_ns + grace_ns)

    def _let_go(self, head: _Head, count: int) -> None:
        for _ in range(min(count, len(head.waiting))):
            turn, waiter = head.waiting.popleft()
            turn.send(None, ANSWER, waiter)
