"""Refreshing: serves what is not simply fresh or gone, and has it refreshed."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import Clock, Fetch, Steps, Waiting
from simcoalesce.model.freshness import COVERED_ERRORS, Freshness, Rules
from simcoalesce.model.kv import Entry
from simcoalesce.outcomes import Lookup
from simcoalesce.request import Request


class Refreshing(NamedTuple):
    """How a layer serves what is refreshed.

    Attributes:
        code: Of the layer, as a ``served_by``.
        waits: Whether the request that refreshes waits for it.
        hides_errors: Whether it gets the old value if its fetch fails.
    """

    code: int
    waits: bool
    hides_errors: bool


class Guard(Protocol):
    """Decides who refreshes a key, if several could."""

    def enter(self, request: Request) -> Waiting[bool]:
        """Return whether a request may refresh its key, when that is known."""

    def leave(self, request: Request, answer: Answer) -> Waiting[None]:
        """Note that a refresh has ended."""

    def abandon(self, request: Request) -> None:
        """Note that whoever refreshes was stopped."""


class DomainGuard:
    """Lets an isolate or object refresh a key once at a time, or without limit."""

    def __init__(
        self,
        clock: Clock,
        domain_of: Callable[[Request], int],
        *,
        is_one: bool,
        back_off_ns: int = 0,
    ) -> None:
        """Make the guard of a layer.

        Args:
            clock: The clock.
            domain_of: In which isolate or object a request is.
            is_one: Whether each has one refresh of a key at a time.
            back_off_ns: How long after a failed one it begins no other.
        """
        self._clock = clock
        self._domain_of = domain_of
        self._is_one = is_one
        self._back_off_ns = back_off_ns
        self._refreshing: set[tuple[int, int]] = set()
        self._failed_until_ns: dict[tuple[int, int], int] = {}

    def enter(self, request: Request) -> Waiting[bool]:
        """Return whether a request may refresh its key."""
        yield from ()
        slot = (self._domain_of(request), request.key)
        if self._is_one and slot in self._refreshing:
            return False
        if self._clock.now_ns < self._failed_until_ns.get(slot, 0):
            return False
        self._refreshing.add(slot)
        return True

    def leave(self, request: Request, answer: Answer) -> Waiting[None]:
        """Note that a refresh has ended."""
        self.abandon(request)
        if self._back_off_ns and not answer.ok:
            slot = (self._domain_of(request), request.key)
            self._failed_until_ns[slot] = self._clock.now_ns + self._back_off_ns
        yield from ()

    def abandon(self, request: Request) -> None:
        """Let the next one refresh."""
        self._refreshing.discard((self._domain_of(request), request.key))


class Refresher:
    """Serves from an entry, and has it refreshed where the rules say so."""

    def __init__(
        self,
        fetch: Fetch,
        clock: Clock,
        rules: Rules,
        guard: Guard,
        refreshing: Refreshing,
    ) -> None:
        """Make the refresher of a layer.

        Args:
            fetch: What comes next.
            clock: The clock.
            rules: When an entry is fresh, early or stale.
            guard: Who refreshes.
            refreshing: How it serves meanwhile.
        """
        self._fetch = fetch
        self._clock = clock
        self._rules = rules
        self._guard = guard
        self._code, self._waits, self._hides_errors = refreshing

    def serve(self, request: Request, entry: Entry | None, at_ns: int) -> Steps:
        """Answer from an entry looked up at an instant, or fetch."""
        freshness = self._rules.freshness(entry, at_ns, request)
        if entry is None or freshness == Freshness.GONE:
            return (yield from self._fetch(request))
        if freshness == Freshness.IF_ERROR:
            return (yield from self._stale_if_error(request, entry))
        is_late = freshness == Freshness.STALE
        hit = entry.hit(self._code, Lookup.STALE if is_late else Lookup.HIT)
        if freshness == Freshness.FRESH:
            return hit
        if not self._waits:
            self._clock.start(self._refreshed(request))
            return hit
        answer = yield from self._refreshed(request)
        if answer is None:
            return hit
        is_kept = self._hides_errors or self._rules.covers(answer, entry, at_ns)
        return hit if is_kept and not answer.ok else answer

    def _refreshed(self, request: Request) -> Waiting[Answer | None]:
        """Return the answer to a refresh; None if it is for another to make."""
        if not (yield from self._guard.enter(request)):
            return None
        try:
            answer = yield from self._fetch(request)
        except GeneratorExit:
            self._guard.abandon(request)
            raise
        yield from self._guard.leave(request, answer)
        return answer

    def _stale_if_error(self, request: Request, entry: Entry) -> Steps:
        answer = yield from self._fetch(request)
        if answer.status not in COVERED_ERRORS:
            return answer
        return entry.hit(self._code, Lookup.STALE)
