"""Leased fetch: who gets the lease of a key fetches it, and the others poll."""

from collections.abc import Callable
from itertools import count
from typing import Final, NamedTuple, TypeAlias

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import Fetch, Steps
from simcoalesce.model.kv import Entry
from simcoalesce.model.leases import LeaseLookup, Leases
from simcoalesce.model.poller import Poller
from simcoalesce.model.redis import expires_at_ns
from simcoalesce.outcomes import Lookup
from simcoalesce.request import Request

Lifetimes: TypeAlias = Callable[[Request, Answer], int]
"""Returns how long a store keeps the answer to a request, in nanoseconds; 0 if not."""

LEASE: Final = "lease"
LEASED_SET: Final = "set"
"""What waits for the store are called."""


class LeaseNotes(NamedTuple):
    """How a run notes what happens there.

    Attributes:
        code: Of the store, as a ``served_by``.
        ended: Counts waits that ended in vain.
        refused: Counts sets without a lease.
    """

    code: int
    ended: Callable[[], None]
    refused: Callable[[], None]


class LeasedFetch:
    """What those do who get a lease, and those who do not."""

    def __init__(
        self,
        fetch: Fetch,
        leases: Leases,
        poller: Poller,
        lifetime_ns: Lifetimes,
        *,
        gives_back: bool,
        notes: LeaseNotes,
    ) -> None:
        """Make the way through a layer.

        Args:
            fetch: What comes next.
            leases: The store.
            poller: How it is asked.
            lifetime_ns: How long an answer is kept.
            gives_back: Whether a fetch that fails gives its lease back.
            notes: How a run notes what happens.
        """
        self._fetch = fetch
        self._leases = leases
        self._poller = poller
        self._clock = poller.clock
        self._lifetime_ns = lifetime_ns
        self._gives_back = gives_back
        self._notes = notes

    def serve(self, request: Request) -> Steps:
        """Find a value, or fetch it with a lease, or wait for who has that."""
        numbers, token = count(), self._leases.new_token()
        gives_up_at_ns = None

        def get() -> LeaseLookup:
            return self._leases.get(request.key, token, self._clock.now_ns)

        while True:
            found = yield from self._poller.client.ask(
                request, get, next(numbers), LEASE
            )
            if found.is_leased:
                return (yield from self._fill(request, token, next(numbers)))
            if found.is_stale and found.entry is not None:
                return found.entry.hit(self._notes.code, Lookup.STALE)
            if found.entry is not None:
                hit = found.entry.hit(self._notes.code)
                return hit if gives_up_at_ns is None else found.entry.followed()
            if gives_up_at_ns is None:
                gives_up_at_ns = self._poller.gives_up_at_ns()
            if self._clock.now_ns >= gives_up_at_ns:
                self._notes.ended()
                return (yield from self._fetch(request))
            yield self._poller.sleep(request, next(numbers))

    def _fill(self, request: Request, token: int, number: int) -> Steps:
        """Fetch, and set the answer if the lease is not lost."""
        client, leases, key = self._poller.client, self._leases, request.key
        asked_at_ns = self._clock.now_ns

        def give_back() -> None:
            leases.give_back(key, token)

        try:
            answer = yield from self._fetch(request)
        except GeneratorExit:
            if self._gives_back:
                self._clock.start(client.put(request, give_back, number))
            raise
        came_at_ns = self._clock.now_ns
        ttl_ns = self._lifetime_ns(request, answer)

        def put() -> None:
            at_ns, took_ns = self._clock.now_ns, came_at_ns - asked_at_ns
            expires_ns = expires_at_ns(at_ns, ttl_ns)
            entry = Entry(answer, 0, at_ns, expires_ns, took_ns)
            if not leases.set(key, token, entry):
                self._notes.refused()

        if ttl_ns:
            yield from client.put(request, put, number, LEASED_SET)
        elif self._gives_back:
            yield from client.put(request, give_back, number, LEASE)
        return answer.as_led()
