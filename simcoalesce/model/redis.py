"""Redis: one server for all locations, whose commands act one after the other.

A command takes a latency and acts in the middle of it: half of the time there, half
back. So who is first is a matter of these instants, as it is there.
"""

import itertools
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from simcoalesce.model.clock import ANSWER, COMPLETE, START, Clock, Waiting
from simcoalesce.model.kv import Entry
from simcoalesce.model.store import Store
from simcoalesce.model.trace import Tell
from simcoalesce.request import Request
from simcoalesce.sampler import Sampler

_NS_PER_MS: Final = 1_000_000
_COMMANDS: Final = 1 << 16
"""Draws of one attempt: more commands than that use the first ones again."""
ONE: Final = 0
"""The one instance of a store in Redis."""

GET: Final = "Redis GET"
SET: Final = "Redis SET"
DEL: Final = "Redis DEL"
LOCK: Final = "Redis lock"
"""What waits for commands are called."""

Result = TypeVar("Result")


def expires_at_ns(set_at_ns: int, ttl_ns: int) -> int:
    """Return when a key is gone that is set at an instant, with PX.

    Redis reckons in whole milliseconds, and a key is gone when the clock is past them:
    with PX n it lives n to n + 1 ms. The run begins with a millisecond, and the least
    ttl is one.

    Source:
        Redis 7.0.15, db.c keyIsExpired; observed, 135,000 looks (2026-11-30).
    """
    last_ms = set_at_ns // _NS_PER_MS + max(ttl_ns // _NS_PER_MS, 1)
    return (last_ms + 1) * _NS_PER_MS


def draw_number(request: Request, number: int) -> int:
    """Return under which number a request draws for the n-th thing that it does."""
    return request.attempt * _COMMANDS + number


class RedisServer:
    """Values and locks. What has expired may be asked for: rules say what it is for."""

    def __init__(self) -> None:
        self.values = Store[Entry]()
        """Where values are; who writes them may bring another store."""
        self.tracked_by = list[Store[Any]]()
        """Stores that are told of what is set and purged (CLIENT TRACKING)."""
        self._locks: dict[tuple[str, int], tuple[int, int]] = {}
        self._tokens = itertools.count()

    def get(self, key: int) -> Entry | None:
        """Return the value of a key, expired or not."""
        return self.values.get(ONE, key)

    def set(self, key: int, entry: Entry) -> None:
        """Set the value of a key."""
        self.values.put(ONE, key, entry)
        for store in self.tracked_by:
            store.drop_everywhere(key)

    def purge(self, is_purged: Sequence[bool]) -> None:
        """Delete the values of some keys."""
        for store in (self.values, *self.tracked_by):
            store.purge(is_purged)

    def new_token(self) -> int:
        """Return a token that nobody has."""
        return next(self._tokens)

    def lock(
        self, name: str, key: int, token: int, *, at_ns: int, until_ns: int
    ) -> bool:
        """Take a lock if it is free (SET NX PX); return whether it was.

        Args:
            name: Which of a key's locks.
            key: The key.
            token: Who takes it.
            at_ns: Now.
            until_ns: When it is free by itself.
        """
        if not self.is_free(name, key, at_ns):
            return False
        self._locks[name, key] = (token, until_ns)
        return True

    def is_free(self, name: str, key: int, at_ns: int) -> bool:
        """Return whether nobody has a lock at an instant."""
        return at_ns >= self._locks.get((name, key), (0, at_ns))[1]

    def is_held(self, name: str, key: int, token: int, at_ns: int) -> bool:
        """Return whether a lock is still that of a token."""
        holder = self._locks.get((name, key), (None, 0))[0]
        return holder == token and not self.is_free(name, key, at_ns)

    def keep_lock(self, name: str, key: int, token: int, until_ns: int) -> None:
        """Let a lock last until an instant (PEXPIRE), if it is that of a token."""
        if self._locks.get((name, key), (None, 0))[0] == token:
            self._locks[name, key] = (token, until_ns)

    def unlock(self, name: str, key: int, token: int | None = None) -> None:
        """Free a lock (DEL), whoever has it or only that of a token."""
        holder = self._locks.get((name, key), (None, 0))[0]
        if token is None or holder == token:
            self._locks.pop((name, key), None)


class RedisClient:
    """Sends commands to the server, and waits for their replies."""

    def __init__(
        self,
        clock: Clock,
        latency: Sampler,
        count: Callable[[], None],
        tell: Tell | None = None,
    ) -> None:
        """Make a client.

        Args:
            clock: The clock.
            latency: Draws of how long a command takes.
            count: Is called for each command that the server runs.
            tell: Takes what requests wait for.
        """
        self.clock = clock
        self._latency = latency
        self._count = count
        self._tell = tell

    def ask(
        self,
        request: Request,
        act: Callable[[], Result],
        number: int = 0,
        name: str = GET,
    ) -> Waiting[Result]:
        """Send what looks, and may take: it sees all that is set at its instant.

        Args:
            request: On whose behalf.
            act: What it does when it gets there.
            number: Which command of the request in its layer.
            name: What the wait for it is called.
        """
        if self._tell is not None:
            self._tell(request, name, self._until_ns(request, number))
        return self._send(request, act, number, START)

    def put(
        self,
        request: Request,
        act: Callable[[], Result],
        number: int = 0,
        name: str = SET,
    ) -> Waiting[Result]:
        """Send what sets or frees. It acts even if its sender is stopped meanwhile."""
        if self._tell is not None:
            self._tell(request, name, self._until_ns(request, number))
        return self._send(request, act, number, COMPLETE)

    def takes_ns(self, request: Request, number: int = 0) -> int:
        """Return how long a command of a request takes."""
        return self._latency.draw(request.id, draw_number(request, number))

    def _until_ns(self, request: Request, number: int) -> int:
        return self.clock.now_ns + self.takes_ns(request, number)

    def _send(
        self, request: Request, act: Callable[[], Result], number: int, phase: int
    ) -> Waiting[Result]:
        takes_ns = self.takes_ns(request, number)
        replies: list[Result] = []

        def arrive(_: object) -> None:
            self._count()
            replies.append(act())

        there = self.clock.after(takes_ns // 2, phase, request)
        there.callbacks.append(arrive)
        # What takes no time is answered after it has acted.
        back = ANSWER if takes_ns else max(ANSWER, phase)
        yield self.clock.after(takes_ns, back, request)
        return replies[0]
