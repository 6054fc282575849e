"""bounded_retries: a cache whose readers wait for a writer for a bounded time."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import Field
from typing_extensions import override

from simcoalesce.distribution import Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.causes import Removals
from simcoalesce.model.client import detached
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
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration

PAUSE_NS: Final = 10_000_000
"""Time before a key is asked for anew (`open_read_retry_time`, 10 ms)."""

_EARLY_NS: Final = 5_000_000
"""What is due within this time is run at once (the first bucket of timers)."""
WAITS: Final = 1 << 12
"""More than a request waits: 2 x 1000 looks, 1000 tries, and a pause."""
_COVERED: Final = frozenset({500, 502, 503, 504})
"""Errors that an expired answer stands in for (`negative_revalidating_enabled`)."""

Repeats = Annotated[int, Field(ge=0, le=1000)]
OnBusy: TypeAlias = Literal["origin", "error", "stale", "retry"]


_BUSY: Final = LayerEvent(
    "key_stays_open",
    "keys_stayed_open",
    "request",
    "A key is still open for writing after all looks; who waits fetches for itself, and"
    " that is not stored: {number}.",
)


class BoundedRetries(CachingLayer):
    """A cache with the read-while-writer of Apache Traffic Server 9.

    Who finds no fresh answer opens the key for writing, and fetches. Who finds it open
    looks again after `delay`, and from the third time on after twice that: for 900 ms
    by default. If it is closed by then, the answer is served, or the key opened again.
    Otherwise, and at once for who came before the present writer did, `on_busy` decides
    after `write_retries` tries to open it, with 10 ms after each. So with a fetch of
    more than 900 ms everybody waits, and then fetches all the same; and those who
    waited for a fetch that failed fetch together, as each looks.

    To a writer whose fetch fails (500, 502, 503, 504, or a `timeout` behind this layer)
    an expired answer is served. It stays expired, so the next one fetches again. Who
    only waited gets the error. An answer of another status that cannot be stored takes
    the expired one away.

    A client that leaves changes nothing: its fetch is stored, its looks go on.
    Simplification: an answer is smaller than a fragment (1 MiB), so it is shared when
    it is complete; timers are late by chance, where the server's depend on what else
    wakes its event loop. It runs what is due within 5 ms, so they may be early too.

    Source: trafficserver 9.2, CacheRead.cc, HttpCacheSM.cc, HttpTransact.cc and
    I_PriorityEventQueue.h; runs of 9.2.9, 2026-11.
    """

    events: ClassVar[Sequence[LayerEvent]] = (_BUSY,)

    kind: Literal["bounded_retries"] = "bounded_retries"
    retries: Repeats = 10
    """How often who finds a key open looks again (`read_while_writer.max_retries`)."""
    delay_ns: PositiveDuration = default("50ms")
    """Time before each of the first two looks, and twice that before the others."""
    write_retries: Repeats = 1
    """How often it tries to open a key (`max_open_write_retries`); with 0 nothing is
    ever stored."""
    on_busy: OnBusy = "origin"
    """What it does at last (`open_write_fail_action`): fetch, and store nothing (0);
    502 (1); fetch, or take the expired answer that it found (2); look as often once
    more, then fetch (5)."""
    stale_if_error_ns: Duration = default("7d")
    """How long after its lifetime an answer is served in place of an error, or to who
    finds the key busy (`max_stale_age`)."""
    timer_lag: Latency = default({"exponential": "5500us"})
    """How long after the earliest moment a wait ends, which is 5 ms before its time, or
    the mean lag if that is less; 0ms for exact timers."""

    @override
    def causes(self) -> Removals:
        return {**super().causes(), "lock_timeout": {"retries": 1_000}}

    @property
    @override
    def stores_expired(self) -> bool:
        return True

    @override
    def age_when_stored_s(self, stored_at_ns: int, called_at_ns: int) -> int:
        # By the seconds of the clock, from the call on (RFC 9111, 4.2.3).
        return self.second_of(stored_at_ns) - self.second_of(called_at_ns)

    @property
    @override
    def patience_ns(self) -> int:
        return sum(self.waits_ns)

    @property
    @override
    def says_wait(self) -> str:
        head = "The key is open for writing: other misses look again"
        return f"{head}, for up to {{patience}}."

    @property
    def early_ns(self) -> int:
        """How long before its time a wait may end."""
        return min(_EARLY_NS, round(self.timer_lag.expected_ns))

    @property
    def waits_ns(self) -> list[int]:
        """The times before each look of who finds a key open."""
        return [
            self.delay_ns * (1 if retry < 2 else 2) for retry in range(self.retries)
        ]

    @override
    def answering(self, fetch: Fetch, context: LayerContext) -> Fetch:
        return _WriterCache(self, fetch, context).serve


class _WriterCache:
    """The cache of each location, and the keys that are open for writing."""

    def __init__(
        self, layer: BoundedRetries, fetch: Fetch, context: LayerContext
    ) -> None:
        self._on_busy = layer.on_busy
        self._fetch = fetch
        self._stale_if_error_ns = layer.stale_if_error_ns
        self._clock = context.clock
        self._tell = context.tell
        self._lag = context.sampler(layer.timer_lag, "timer_lag")
        self._early_ns = layer.early_ns
        self._code = context.recorder.code_of(layer.served_by)
        self._cache = LocationCache(layer, context)
        self._opened_at_ns: dict[CacheKey, int] = {}
        self._waits_ns = layer.waits_ns
        self._tries = layer.write_retries
        self._busy = context.recorder.note(_BUSY.unit)

    def serve(self, request: Request) -> Steps:
        """Answer from the cache, or begin a process that outlasts its client."""
        key = self._cache.key_of(request)
        fresh = self._cache.fresh(key)
        if fresh is not None:
            return fresh.hit()
        steps = self._wait_and_fetch(key, request)
        return (yield from detached(self._clock, request, steps))

    def _wait_and_fetch(self, key: CacheKey, request: Request) -> Steps:
        """Wait for the writer of the key; take what is there, or write, or give up."""
        began_at_ns, tries = self._clock.now_ns, self._tries
        yield from self._wait_for_writer(key, request, began_at_ns)
        if self._on_busy == "retry" and key in self._opened_at_ns:
            yield self._after(PAUSE_NS, request, len(self._waits_ns))
            # That was its last try to open the key.
            began_at_ns, tries = self._clock.now_ns, 0
            yield from self._wait_for_writer(key, request, began_at_ns, again=True)
        fresh = self._cache.fresh(key)
        if fresh is not None:
            return fresh.followed()
        # Who waited for a writer knows of no other answer, even if one has expired.
        is_behind = self._is_open(key, began_at_ns)
        found = None if is_behind else self._cache.kept(key)
        return (yield from self._write_or_give_up(key, request, found, tries))

    def _wait_for_writer(
        self, key: CacheKey, request: Request, began_at_ns: int, *, again: bool = False
    ) -> Iterator[PriorityTimeout]:
        """Wait until the key is closed, or for as long as the rules say."""
        first = len(self._waits_ns) + 1 if again else 0
        for look, wait_ns in enumerate(self._waits_ns, first):
            if not self._is_open(key, began_at_ns):
                return
            yield self._after(wait_ns, request, look)

    def _after(self, wait_ns: int, request: Request, look: int) -> PriorityTimeout:
        """Return the end of a wait, as early or late as the server's timer is."""
        late_ns = self._lag.draw(request.id, request.attempt * WAITS + look)
        ends_ns = max(wait_ns + late_ns - self._early_ns, 0)
        return self._clock.after(ends_ns, START, request)

    def _is_open(self, key: CacheKey, began_at_ns: int) -> bool:
        """Say whether a key is open for a writer that began no later than a reader."""
        opened_at_ns = self._opened_at_ns.get(key)
        return opened_at_ns is not None and opened_at_ns <= began_at_ns

    def _write_or_give_up(
        self, key: CacheKey, request: Request, found: Stored | None, tries: int
    ) -> Steps:
        for again in range(tries):
            if key not in self._opened_at_ns:
                return (yield from self._write(key, request))
            yield self._after(PAUSE_NS, request, len(self._waits_ns) + again)
        if self._on_busy == "stale" and found is not None and self._covers(found):
            return found.stale()
        if found is None and self._on_busy == "error":
            return Answer(502, Lookup.MISS, Role.NONE, self._code, self._clock.now_ns)
        self._busy.happened()
        return (yield from self._fetch(request))

    def _write(self, key: CacheKey, request: Request) -> Steps:
        self._opened_at_ns[key] = self._clock.now_ns
        answer = yield from self._fetch(request)
        came_at_ns = self._clock.now_ns
        if self._tell is not None:
            self._tell(request, BODY, answer.complete_at_ns)
        yield from self._clock.complete(answer, request)
        called_at_ns = self._opened_at_ns.pop(key)
        expired = self._cache.kept(key)
        if answer.status in _COVERED and expired and self._replaces_error(expired):
            return expired.stale()
        if not self._cache.keep(key, answer, called_at_ns, came_at_ns):
            self._cache.drop(key)
        return answer.as_led()

    def _replaces_error(self, expired: Stored) -> bool:
        """Say whether an expired answer may be served in place of an error."""
        return expired.stale().status not in _COVERED and self._covers(expired)

    def _covers(self, expired: Stored) -> bool:
        """Say whether an expired answer may still be served."""
        return self._clock.now_ns < expired.expires_at_ns + self._stale_if_error_ns
