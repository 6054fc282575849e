"""Shared cache: collapsed forwarding, stale answers, and fetches that are left."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar, Final, Literal, Self

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, Clock, Fetch, Process, Signal, Steps
from simcoalesce.model.layer import LayerEvent
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.location_cache import (
    CacheKey,
    CachingLayer,
    LocationCache,
    Stored,
)
from simcoalesce.model.trace import BODY
from simcoalesce.request import Request
from simcoalesce.spec import default
from simcoalesce.units import NS_PER_S, Duration, OptionalDuration

_NEGATIVE: Final = frozenset((400, 403, 404, 405, 414, 500, 501, 502, 503, 504))
"""Errors that Squid would keep for its `negative_ttl`, which is 0 by default."""

_SERVER_ERROR: Final = 500


_UNSHARED: Final = LayerEvent(
    "answer_not_shared",
    "answers_not_shared",
    "request",
    "What another has fetched may not be shared; who waited fetches again: {number}.",
)


class CollapsingLayer(CachingLayer):
    """A cache in which those who miss wait for one fetch of their key, or each fetches.

    Kinds of it differ in their defaults, and in what may be shared.
    """

    keeps_last_second: ClassVar[bool] = False
    shares_stored: ClassVar[bool] = False
    """Whether all that may be stored is shared, and nothing else."""
    says_error: ClassVar[str] = ""
    events: ClassVar[Sequence[LayerEvent]] = (_UNSHARED,)

    whole_seconds: bool = False
    """Whether lifetimes are reckoned in whole seconds of the wall clock."""
    lock: bool = True
    """Whether misses of one key wait for one fetch, or each fetches."""
    stale_while_revalidate_ns: Duration = default("0s")
    """How long after its expiry an answer is served while it is fetched anew."""
    stale_if_error_ns: OptionalDuration = default("0s")
    """How long after its expiry content stands in for a 5xx, which is not stored."""
    abandons: bool = False
    """Whether a fetch ends, and is not stored, when nobody waits for it any more."""
    counts_fetch: bool | None = None
    """By whole seconds: whether those of the fetch count towards the age, as in Squid;
    if absent, where `abandons` is set."""
    incomplete: Literal["streams", "whole", "displaces"] = "streams"
    """What becomes of an answer whose body still comes: it is served (streams, as in
    Squid); it is stored when it is complete (whole, as in nginx); or it displaces what
    is stored when its headers come, is served when it is complete, and no other is
    stored meanwhile (displaces, as in HAProxy; without `lock`)."""

    @model_validator(mode="after")
    def _displaces_without_lock(self) -> Self:
        if self.incomplete == "displaces" and self.lock:
            raise ValueError(
                "incomplete: displaces is for a cache whose misses do not wait; write"
                " lock: false as well, or incomplete: whole"
            )
        return self

    @property
    @override
    def stores_expired(self) -> bool:
        return self.incomplete == "streams"

    @property
    @override
    def serves_incomplete(self) -> bool:
        return self.incomplete == "streams"

    @property
    @override
    def displaces(self) -> bool:
        return self.incomplete == "displaces"

    @override
    def age_when_stored_s(self, stored_at_ns: int, called_at_ns: int) -> int:
        counts = self.abandons if self.counts_fetch is None else self.counts_fetch
        return (stored_at_ns - called_at_ns) // NS_PER_S * counts

    @property
    @override
    def shares(self) -> bool:
        return self.lock

    def is_negative(self, answer: Answer) -> bool:
        """Say whether those who wait for an error share it, after one more fetch."""
        is_known = answer.cacheable and answer.status in _NEGATIVE
        return is_known and not self.shares_stored

    def may_share(self, answer: Answer) -> bool:
        """Say whether those who wait get an answer, and do not fetch themselves."""
        if self.shares_stored:
            return self.lifetime_ns(answer) is not None
        return answer.cacheable and (answer.ok or self.is_negative(answer))

    @override
    def answering(self, fetch: Fetch, context: LayerContext) -> Fetch:
        return _SharedCache(self, fetch, context).serve


class _Flight:
    """A fetch that has not ended, and how many wait for it."""

    __slots__ = (
        *("answer", "began_at_ns", "came_at_ns", "is_displaced", "landed", "process"),
        *("renews", "second", "waiting"),
    )

    def __init__(self, clock: Clock, *, renews: bool) -> None:
        self.landed = Signal(clock)
        self.began_at_ns = self.came_at_ns = clock.now_ns
        self.renews = renews
        self.is_displaced = False
        self.answer: Answer | None = None
        self.process: Process | None = None
        self.second: _Flight | None = None
        self.waiting = 0


class _SharedCache:
    """The cache of each location, and the fetches that others may join."""

    def __init__(
        self, layer: CollapsingLayer, fetch: Fetch, context: LayerContext
    ) -> None:
        self._layer = layer
        self._fetch = fetch
        self._clock = context.clock
        self._tell = context.tell
        self._cache = LocationCache(layer, context)
        self._flights: dict[CacheKey, _Flight] = {}
        self._unshared = context.recorder.note(_UNSHARED.unit)

    def serve(self, request: Request) -> Steps:
        """Answer from the cache, or join a fetch, or start one."""
        key = self._cache.key_of(request)
        stored = self._cache.kept(key)
        if stored is not None and not self._is_awaited(stored):
            late_ns = self._clock.now_ns - stored.expires_at_ns
            if late_ns < 0:
                return stored.hit()
            if late_ns < self._layer.stale_while_revalidate_ns:
                self._refresh(key, request)
                return stored.stale()
        joined = self._flights.get(key)
        if joined is None:
            return (yield from self._lead(key, request))
        return (yield from self._join(joined, key, request))

    def _lead(self, key: CacheKey, request: Request) -> Steps:
        """Fetch; those who come later may join, if there is nothing yet to join."""
        is_open = self._layer.lock and key not in self._flights
        flight = self._start(key, request, is_open=is_open)
        answer = yield from self._wait(flight, key)
        return answer.as_led()

    def _join(self, flight: _Flight, key: CacheKey, request: Request) -> Steps:
        """Wait for another's fetch; fetch too if its answer may not be shared."""
        answer = yield from self._wait(flight, key)
        if answer.ok and not flight.renews and self._has_expired(key):
            return (yield from self.serve(request))
        if self._layer.is_negative(answer) and not flight.renews:
            if flight.second is None:
                flight.second = self._start(key, request, is_open=False)
                answer = yield from self._wait(flight.second, key)
                return answer.as_led()
            answer = yield from self._wait(flight.second, key)
        if self._layer.may_share(answer):
            return answer.as_followed()
        self._unshared.happened()
        return (yield from self._lead(key, request))

    def _refresh(self, key: CacheKey, request: Request) -> None:
        if key not in self._flights:
            # Nobody waits for it, so nobody can leave it: the cache itself does.
            self._start(key, request, is_open=self._layer.lock).waiting += 1

    def _start(self, key: CacheKey, request: Request, *, is_open: bool) -> _Flight:
        """Start a fetch; others may join it if it is open."""
        flight = _Flight(self._clock, renews=self._cache.kept(key) is not None)
        if is_open:
            self._flights[key] = flight
        land = partial(self._land, flight, key, request)
        flight.process = self._clock.start(self._fetched(flight, request), land)
        return flight

    def _fetched(self, flight: _Flight, request: Request) -> Steps:
        answer = yield from self._fetch(request)
        flight.came_at_ns = self._clock.now_ns
        if self._layer.incomplete == "whole":
            if self._tell is not None:
                self._tell(request, BODY, answer.complete_at_ns)
            yield from self._clock.complete(answer, request)
        return answer

    def _has_expired(self, key: CacheKey) -> bool:
        """Say whether an answer that came has expired, and must be renewed."""
        return self._cache.kept(key) is not None and self._cache.fresh(key) is None

    def _is_awaited(self, stored: Stored) -> bool:
        """Say whether an answer has displaced others, and is not yet complete."""
        return self._layer.displaces and stored.complete_at_ns > self._clock.now_ns

    def _land(
        self, flight: _Flight, key: CacheKey, request: Request, answer: Answer
    ) -> None:
        self._close(flight, key)
        later = self._flights.get(key)
        rescue = self._rescue(key, answer)
        if rescue is not None:
            answer = rescue
        elif flight.is_displaced and answer.ok:
            self._cache.drop(key)
        elif self._keep(flight, key, answer) and later is not None:
            later.is_displaced = True
        flight.answer = answer
        flight.landed.send(answer, ANSWER, request)

    def _rescue(self, key: CacheKey, answer: Answer) -> Answer | None:
        """Return content that stands in for an error; None if there is none."""
        limit_ns, stored = self._layer.stale_if_error_ns, self._cache.kept(key)
        is_covered = answer.status >= _SERVER_ERROR and limit_ns != 0
        if not is_covered or stored is None or not stored.ok:
            return None
        late_ns = self._clock.now_ns - stored.expires_at_ns
        if late_ns < 0:
            return stored.hit()
        return stored.stale() if limit_ns is None or late_ns < limit_ns else None

    def _keep(self, flight: _Flight, key: CacheKey, answer: Answer) -> bool:
        fresh = self._cache.fresh(key)
        if fresh is not None and self._is_awaited(fresh):
            return False
        return self._cache.keep(key, answer, flight.began_at_ns, flight.came_at_ns)

    def _close(self, flight: _Flight, key: CacheKey) -> None:
        if self._flights.get(key) is flight:
            del self._flights[key]

    def _wait(self, flight: _Flight, key: CacheKey) -> Steps:
        flight.waiting += 1
        try:
            if flight.answer is None:
                yield flight.landed
        except GeneratorExit:
            self._leave(flight, key)
            raise
        assert flight.answer is not None
        return flight.answer

    def _leave(self, flight: _Flight, key: CacheKey) -> None:
        flight.waiting -= 1
        if self._layer.abandons and not flight.waiting and flight.process is not None:
            flight.process.stop()
            self._close(flight, key)
