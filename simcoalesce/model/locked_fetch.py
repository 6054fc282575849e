"""Locked fetch: who gets the lock of a key fetches it, and the others poll."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Literal, NamedTuple, TypeAlias

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import Fetch, Steps, Waiting
from simcoalesce.model.kv import Entry
from simcoalesce.model.poller import Poller
from simcoalesce.model.redis import RedisServer
from simcoalesce.model.redis_locks import RedisLocks
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.request import Request

Asks: TypeAlias = Literal["value", "lock", "both"]
OnTimeout: TypeAlias = Literal["fetch", "error", "stale", "retry_lock"]
Release: TypeAlias = Literal["token", "plain", "none"]


class LockRules(NamedTuple):
    """What those do who get a lock, and those who do not.

    Attributes:
        asks: What who waits asks for after each sleep.
        on_timeout: What it does when its time is over.
        recheck: Whether who gets the lock looks before it fetches.
        release: How it frees the lock.
        renewed_ns: How long a lock lasts from its last renewal on; None if nobody
            renews it.
    """

    asks: Asks
    on_timeout: OnTimeout
    recheck: bool
    release: Release
    renewed_ns: int | None = None


class LockNotes(NamedTuple):
    """How a run notes what happens there.

    Attributes:
        code: Of the layer, as a ``served_by``.
        ended: Counts waits that ended in vain.
        lost: Counts locks that expired before the fetch under them had ended.
    """

    code: int
    ended: Callable[[], None]
    lost: Callable[[], None]


class LockedFetch:
    """What those do who get the lock of their key, and those who do not."""

    def __init__(
        self,
        rules: LockRules,
        fetch: Fetch,
        server: RedisServer,
        poller: Poller,
        locks: RedisLocks,
        notes: LockNotes,
    ) -> None:
        """Make the way through a layer.

        Args:
            rules: What is done.
            fetch: What comes next.
            server: Where the values are.
            poller: How it is asked.
            locks: The locks.
            notes: How a run notes what happens.
        """
        self._rules = rules
        self._fetch = fetch
        self._clock = poller.clock
        self._server = server
        self._poller = poller
        self._locks = locks
        self._notes = notes

    def serve(self, request: Request) -> Steps:
        """Get the lock and fetch, or wait for who has it."""
        numbers = count()
        while True:
            token = yield from self._locks.take(request, next(numbers))
            if token is not None:
                return (yield from self._hold(request, token, numbers))
            answer = yield from self._wait(request, numbers)
            if answer is not None:
                return answer
            self._notes.ended()
            if self._rules.on_timeout != "retry_lock":
                return (yield from self._give_up(request))

    def _wait(self, request: Request, numbers: Iterator[int]) -> Waiting[Answer | None]:
        """Sleep, and look or try the lock; return the answer if one comes of it."""
        gives_up_at_ns, asks = self._poller.gives_up_at_ns(), self._rules.asks
        while self._clock.now_ns < gives_up_at_ns:
            yield self._poller.sleep(request, next(numbers))
            if asks != "lock":
                entry = yield from self._looked_up(request, next(numbers))
                if entry is not None:
                    return entry.followed()
            if asks != "value":
                token = yield from self._locks.take(request, next(numbers))
                if token is not None:
                    return (yield from self._hold(request, token, numbers))
        return None

    def _hold(self, request: Request, token: int, numbers: Iterator[int]) -> Steps:
        """Look again if that is the rule, fetch, and free the lock."""
        answer = None
        if self._rules.renewed_ns is not None:
            self._locks.renew(request, token, None)
        try:
            if self._rules.recheck:
                entry = yield from self._looked_up(request, next(numbers))
                answer = None if entry is None else entry.followed()
            if answer is None:
                answer = (yield from self._fetch(request)).as_led()
                if not self._locks.is_held(request, token):
                    self._notes.lost()
        except GeneratorExit:
            # Its client has left; a `finally` frees the lock all the same.
            self._clock.start(self._free(request, token, next(numbers)))
            raise
        yield from self._free(request, token, next(numbers))
        return answer

    def _free(self, request: Request, token: int, number: int) -> Waiting[None]:
        """Free a lock, or leave it to its expiry, which nobody puts off any more."""
        release, renewed_ns = self._rules.release, self._rules.renewed_ns
        if release != "none":
            mine = token if release == "token" else None
            yield from self._locks.free(request, mine, number)
        elif renewed_ns is not None:
            self._locks.renew(request, token, renewed_ns)

    def _looked_up(self, request: Request, number: int) -> Waiting[Entry | None]:
        """Return the value, if there is one that is fresh."""

        def get() -> Entry | None:
            entry = self._server.get(request.key)
            is_fresh = entry is not None and entry.is_fresh(self._clock.now_ns)
            return entry if is_fresh else None

        return (yield from self._poller.client.ask(request, get, number))

    def _give_up(self, request: Request) -> Steps:
        """Answer without the lock."""
        expired, now_ns = self._server.get(request.key), self._clock.now_ns
        if self._rules.on_timeout == "stale" and expired is not None:
            return expired.hit(self._notes.code, Lookup.STALE)
        if self._rules.on_timeout == "error":
            return Answer(503, Lookup.MISS, Role.NONE, self._notes.code, now_ns)
        return (yield from self._fetch(request))
