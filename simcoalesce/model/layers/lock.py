"""lock: a cache in which one request fetches a cold key, and the others poll."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.client import Client, detached
from simcoalesce.model.clock import START, Fetch, PriorityTimeout, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.location_cache import (
    CacheKey,
    CachingLayer,
    LocationCache,
    Stored,
)
from simcoalesce.model.trace import BODY
from simcoalesce.outcomes import CLIENT_LEFT, Lookup, Role
from simcoalesce.request import Request
from simcoalesce.run_bounds import check_looks
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration

_AGED: Final = LayerEvent(
    "lock_aged",
    "locks_aged",
    "time",
    "A lock is older than its age, and another request fetches as well: {number}.",
)
_TIMED_OUT: Final = LayerEvent(
    "lock_timed_out",
    "locks_timed_out",
    "request",
    "Waiting for a lock takes too long; who waits fetches for itself, and that is not"
    " stored: {number}.",
)
_STALE_ON: Final = (429, 500, 502, 503, 504)


class Lock(CachingLayer):
    """A cache with nginx's `proxy_cache_lock`.

    Who finds nothing takes the lock of its key, or waits: it is not told of the answer,
    it looks again every `poll`. After `timeout` it fetches for itself, and that answer
    is not stored. A lock older than `age` may be taken by the next who looks. Whoever
    stores an answer opens the lock; a fetch that fails opens its own, for one
    successor. An expired answer is no cold key: the lock is not asked.

    An answer is stored when it is complete. A fetch goes on when its client leaves, and
    its answer is thrown away if the headers come after that. Who waits for a lock does
    not notice, and may take it; but at its `timeout` it fetches nothing for a client
    that has left.

    Source: nginx 1.22.1, ngx_http_file_cache.c and ngx_http_upstream.c; 2026-11.
    """

    says_error: ClassVar[str] = ""
    events: ClassVar[Sequence[LayerEvent]] = (_AGED, _TIMED_OUT)

    kind: Literal["lock"] = "lock"
    locks: bool = True
    """Whether a cold key has a lock (`proxy_cache_lock`); without, all who miss it
    fetch."""
    poll_ns: PositiveDuration = default("500ms")
    """How often who waits looks again; 500 ms is built into nginx."""
    timeout_ns: Duration = default("5s")
    """How long a request waits before it fetches for itself."""
    age_ns: PositiveDuration = default("5s")
    """How old a lock may be before another may fetch as well."""
    stale: Literal["none", "updating", "background"] = "none"
    """Who gets an expired answer: nobody, so that all fetch; all but the one that
    fetches (updating); all, while it is fetched in the background."""
    stale_if_error_ns: Duration = default("0s")
    """How long after its expiry an answer, even an error, stands in for an error, which
    is not stored then (`proxy_cache_use_stale`)."""
    stale_on: tuple[Annotated[int, Field(ge=400, le=599)], ...] = _STALE_ON
    """For which statuses of the origin it does (`http_429`, `http_500` ...)."""
    ignore_client_abort: bool = False
    """Whether a fetch whose client has left is stored all the same."""

    @model_validator(mode="after")
    def _looks_within_reason(self) -> Self:
        check_looks(self.poll_ns, self.timeout_ns)
        return self

    @override
    def causes(self) -> Removals:
        lasting = {"timeout": "24h", "age": "24h"}
        return {**super().causes(), "lock_timeout": lasting}

    @property
    @override
    def shares(self) -> bool:
        return self.locks

    @property
    @override
    def patience_ns(self) -> int:
        return self.timeout_ns

    @property
    @override
    def is_for_cold_keys(self) -> bool:
        return self.stale == "none"

    @property
    @override
    def says_wait(self) -> str:
        if not self.locks:
            return ""
        return "It holds the key's lock: other misses look again every {poll}."

    @override
    def answering(self, fetch: Fetch, context: LayerContext) -> Fetch:
        return _LockedCache(self, fetch, context).serve


class _Held:
    """A lock that a request holds."""

    __slots__ = ("ages_at_ns",)

    def __init__(self, ages_at_ns: int) -> None:
        self.ages_at_ns = ages_at_ns


class _LockedCache:
    """The cache of each location, and the locks of its keys."""

    def __init__(self, layer: Lock, fetch: Fetch, context: LayerContext) -> None:
        self._layer = layer
        self._fetch = fetch
        self._clock = context.clock
        self._tell = context.tell
        self._code = context.recorder.code_of(layer.served_by)
        self._cache = LocationCache(layer, context)
        self._locks: dict[CacheKey, _Held] = {}
        self._aged = context.recorder.note(_AGED.unit)
        self._timed_out = context.recorder.note(_TIMED_OUT.unit)

    def serve(self, request: Request) -> Steps:
        """Answer from the cache, or begin a process that outlasts its client."""
        key = self._cache.key_of(request)
        fresh = self._cache.fresh(key)
        if fresh is not None:
            return fresh.hit()
        client = Client()
        steps = self._wait_and_fetch(key, request, client)
        return (yield from detached(self._clock, request, steps, client))

    def _wait_and_fetch(self, key: CacheKey, request: Request, client: Client) -> Steps:
        """Wait if the key is cold and locked; then take what is there, or fetch."""
        if self._cache.kept(key) is None:
            if not self._layer.locks:
                return (yield from self._fetch_and_keep(key, request, client))
            yield from self._wait(key, request)
        fresh, kept = self._cache.fresh(key), self._cache.kept(key)
        if fresh is not None:
            return fresh.followed()
        if kept is not None:
            return (yield from self._renew(kept, key, request, client))
        if self._is_locked(key):
            if client.has_left and not self._layer.ignore_client_abort:
                return self._unheard()
            self._timed_out.happened()
            return (yield from self._fetch(request))
        return (yield from self._lead(key, request, client))

    def _unheard(self) -> Answer:
        """Return what a client that has left would get."""
        return Answer(
            CLIENT_LEFT, Lookup.MISS, Role.NONE, self._code, self._clock.now_ns
        )

    def _wait(self, key: CacheKey, request: Request) -> Iterator[PriorityTimeout]:
        """Look again and again, until the lock is open or the time is over."""
        clock, poll_ns = self._clock, self._layer.poll_ns
        gives_up_at_ns = clock.now_ns + self._layer.timeout_ns
        wait_ns = min(poll_ns, self._layer.timeout_ns)
        while self._is_locked(key) and clock.now_ns < gives_up_at_ns:
            yield clock.after(wait_ns, START, request)
            if self._is_locked(key):
                # Only the first wait is cut to the time-out, the others to the age: a
                # time-out that is no multiple of the poll is noticed late.
                wait_ns = min(poll_ns, self._locks[key].ages_at_ns - clock.now_ns)

    def _is_locked(self, key: CacheKey) -> bool:
        held = self._locks.get(key)
        return held is not None and self._clock.now_ns < held.ages_at_ns

    def _renew(
        self, expired: Stored, key: CacheKey, request: Request, client: Client
    ) -> Steps:
        """Serve an expired answer, or fetch a new one, as the rules allow."""
        asked_at_ns = self._clock.now_ns
        if self._layer.stale == "none":
            answer = yield from self._fetch_and_keep(key, request, client)
        elif key in self._locks:
            # No age here: it is for those who wait, and nobody does.
            return expired.stale()
        elif self._layer.stale == "background":
            self._clock.start(self._lead(key, request, Client()))
            return expired.stale()
        else:
            answer = yield from self._lead(key, request, client)
        rescues = self._rescues(expired, answer, asked_at_ns)
        return expired.stale() if rescues else answer

    def _rescues(self, kept: Stored | None, answer: Answer, asked_at_ns: int) -> bool:
        """Return whether what is kept stands in for an error, which is not stored."""
        if kept is None or answer.status not in self._layer.stale_on:
            return False
        return asked_at_ns < kept.expires_at_ns + self._layer.stale_if_error_ns

    def _lead(self, key: CacheKey, request: Request, client: Client) -> Steps:
        """Take the lock, and fetch."""
        if key in self._locks:
            self._aged.happened()
        held = _Held(self._clock.now_ns + self._layer.age_ns)
        self._locks[key] = held
        answer = yield from self._fetch_and_keep(key, request, client)
        if self._locks.get(key) is held:
            del self._locks[key]
        return answer

    def _fetch_and_keep(self, key: CacheKey, request: Request, client: Client) -> Steps:
        called_at_ns, kept = self._clock.now_ns, self._cache.kept(key)
        answer = yield from self._fetch(request)
        came_at_ns = self._clock.now_ns
        is_wanted = not client.has_left or self._layer.ignore_client_abort
        is_wanted = is_wanted and not self._rescues(kept, answer, called_at_ns)
        if self._tell is not None:
            self._tell(request, BODY, answer.complete_at_ns)
        yield from self._clock.complete(answer, request)
        if is_wanted and self._cache.keep(key, answer, called_at_ns, came_at_ns):
            self._locks.pop(key, None)
        return answer.as_led()
