"""Locks in Redis: taken by SET NX PX, freed by DEL, and gone at their expiry."""

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import NEVER_NS, Waiting
from simcoalesce.model.redis import DEL, LOCK, RedisClient, RedisServer, expires_at_ns
from simcoalesce.request import Request


class RedisLocks:
    """The locks of one name: one for each key."""

    def __init__(
        self, name: str, ttl_ns: int | None, server: RedisServer, client: RedisClient
    ) -> None:
        """Make them.

        Args:
            name: Which of a key's locks.
            ttl_ns: How long a lock lasts if nobody frees it; None for ever.
            server: Where they are.
            client: How they are taken and freed.
        """
        self._name = name
        self._ttl_ns = ttl_ns
        self._server = server
        self._client = client
        self._clock = client.clock

    def take(self, request: Request, number: int) -> Waiting[int | None]:
        """Return the token of a lock, if the request gets that of its key.

        Args:
            request: Who asks, and of which key.
            number: Which command of the request it is.
        """
        token = self._server.new_token()

        def lock() -> bool:
            now_ns, ttl_ns = self._clock.now_ns, self._ttl_ns
            until_ns = NEVER_NS if ttl_ns is None else expires_at_ns(now_ns, ttl_ns)
            return self._server.lock(
                self._name, request.key, token, at_ns=now_ns, until_ns=until_ns
            )

        is_mine = yield from self._client.ask(request, lock, number, LOCK)
        return token if is_mine else None

    def is_held(self, request: Request, token: int) -> bool:
        """Return whether a lock is still that of a token."""
        now_ns = self._clock.now_ns
        return self._server.is_held(self._name, request.key, token, now_ns)

    def free(self, request: Request, token: int | None, number: int) -> Waiting[None]:
        """Free a lock, whoever has it or only that of a token."""
        name, key = self._name, request.key
        yield from self._client.put(
            request, lambda: self._server.unlock(name, key, token), number, DEL
        )

    def keep(
        self, request: Request, token: int, ttl_ns: int, number: int
    ) -> Waiting[None]:
        """Let a lock last for a time from now on, if it is that of a token."""
        yield from self._client.put(
            request, lambda: self.renew(request, token, ttl_ns), number, LOCK
        )

    def renew(self, request: Request, token: int, ttl_ns: int | None) -> None:
        """Let a lock last for a time from now on, or for ever, in no time."""
        until_ns = NEVER_NS
        if ttl_ns is not None:
            until_ns = expires_at_ns(self._clock.now_ns, ttl_ns)
        self._server.keep_lock(self._name, request.key, token, until_ns)


class RefreshLock:
    """Lets one request of all isolates refresh a key, by a lock in Redis."""

    def __init__(self, locks: RedisLocks, back_off_ns: int) -> None:
        """Make the guard of a layer.

        Args:
            locks: The locks.
            back_off_ns: How long one is kept after a refresh that failed.
        """
        self._locks = locks
        self._back_off_ns = back_off_ns
        self._tokens: dict[tuple[int, int], int] = {}

    def enter(self, request: Request) -> Waiting[bool]:
        """Return whether a request gets the lock of its key."""
        token = yield from self._locks.take(request, 1)
        if token is not None:
            self._tokens[request.id, request.key] = token
        return token is not None

    def leave(self, request: Request, answer: Answer) -> Waiting[None]:
        """Free the lock, or keep it for a while after a failure."""
        token = self._tokens.pop((request.id, request.key))
        if answer.ok or not self._back_off_ns:
            yield from self._locks.free(request, token, 2)
        else:
            yield from self._locks.keep(request, token, self._back_off_ns, 2)

    def abandon(self, request: Request) -> None:
        """Leave the lock until it is free by itself: nobody is there to free it."""
        self._tokens.pop((request.id, request.key), None)
