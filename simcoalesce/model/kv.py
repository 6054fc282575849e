"""KV namespace: a store whose puts become visible later, elsewhere later still.

Nothing here waits: a put is a fact about the future (where it becomes visible, and
when), and a lookup is a question about an instant. Simplification: one central store;
the order of puts decides, whatever the order in which they become visible.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.model.hit_fast_path import HitFastPath
from simcoalesce.outcomes import Lookup
from simcoalesce.units import NS_PER_S


class CopyRules(NamedTuple):
    """How long a location goes on reading what it has read, in nanoseconds.

    A put that is made there and is newer than the copy ends it as soon as it is
    visible, unless `hides_local_puts`: the next read looks, and its copy counts anew.
    """

    value_ns: int = 0
    absence_ns: int = 0
    hides_local_puts: bool = False


NO_COPIES: Final = CopyRules()


class Entry:
    """A value in the namespace."""

    __slots__ = (
        "_answer",
        "_hit",
        "expires_at_ns",
        "order",
        "put_at_ns",
        "soft_until_ns",
        "took_ns",
    )

    def __init__(
        self,
        answer: Answer,
        order: int,
        put_at_ns: int,
        expires_at_ns: int,
        took_ns: int = 0,
        soft_until_ns: int = NEVER_NS,
    ) -> None:
        """Make an entry.

        Args:
            answer: What is stored.
            order: Number of its put among all puts.
            put_at_ns: When the put was issued.
            expires_at_ns: Until when it may be served.
            took_ns: How long the fetch took that made it, for early refresh.
            soft_until_ns: From when on it is refreshed when it is served, if that is
                before its expiry.
        """
        self._answer = answer
        self._hit: Answer | None = None
        self.order = order
        self.put_at_ns = put_at_ns
        self.expires_at_ns = expires_at_ns
        self.took_ns = took_ns
        self.soft_until_ns = soft_until_ns

    def is_fresh(self, at_ns: int) -> bool:
        """Return whether it may be served at an instant, without a refresh."""
        return at_ns < self.expires_at_ns and at_ns < self.soft_until_ns

    def followed(self) -> Answer:
        """Return the answer to a request that waited until the entry was there."""
        return self._answer.as_followed()

    def hit(self, served_by: int, lookup: int = Lookup.HIT) -> Answer:
        """Return the answer to a request that finds the entry."""
        hit = self._hit
        if hit is None or hit.lookup != lookup or hit.served_by != served_by:
            hit = self._hit = self._answer.as_hit(served_by, lookup)
        return hit


class _PendingPuts:
    """Puts that are not yet visible, and the last of those that are.

    A put outdoes every earlier one that would become visible later than itself, so
    the pending ones stand in the order of both.
    """

    __slots__ = ("last_visible", "pending")

    def __init__(self) -> None:
        self.pending: deque[tuple[int, Entry]] = deque()
        self.last_visible: Entry | None = None

    @property
    def next_at_ns(self) -> int:
        """When the next put becomes visible."""
        return self.pending[0][0] if self.pending else NEVER_NS

    def add(self, entry: Entry, visible_at_ns: int) -> None:
        """Add the last put of all."""
        self.advance(entry.put_at_ns)
        pending = self.pending
        while pending and pending[-1][0] >= visible_at_ns:
            pending.pop()
        pending.append((visible_at_ns, entry))

    def clear(self) -> None:
        """Forget all puts."""
        self.pending.clear()
        self.last_visible = None

    def advance(self, at_ns: int) -> None:
        """Make visible what is so at an instant; instants never go back."""
        pending = self.pending
        while pending and pending[0][0] <= at_ns:
            self.last_visible = pending.popleft()[1]


class _LocationView:
    """What one location sees of one key: its own puts early, all others later."""

    __slots__ = ("cached", "cached_until_ns", "elsewhere", "here", "read_at_ns")

    def __init__(self, elsewhere: _PendingPuts) -> None:
        self.here = _PendingPuts()
        self.elsewhere = elsewhere
        self.cached: Entry | None = None
        self.cached_until_ns = -1
        self.read_at_ns: int | None = None

    def shows_copy(self, at_ns: int, copies: CopyRules) -> bool:
        """Whether a read is answered with what the location has read before."""
        if at_ns >= self.cached_until_ns:
            return False
        self.here.advance(at_ns)
        mine, copy = self.here.last_visible, self.cached
        if copies.hides_local_puts or mine is None:
            return True
        return copy is not None and copy.order >= mine.order

    def visible(self, at_ns: int) -> Entry | None:
        """Return the last put that is visible here; instants never go back."""
        here, elsewhere = self.here, self.elsewhere
        if here.pending:
            here.advance(at_ns)
        if elsewhere.pending:
            elsewhere.advance(at_ns)
        mine, other = here.last_visible, elsewhere.last_visible
        if mine is None or (other is not None and other.order > mine.order):
            return other
        return mine


class Namespace:
    """One KV namespace, seen from several locations."""

    def __init__(self, locations: int) -> None:
        self._locations = locations
        self._views: dict[int, _LocationView] = {}
        self._elsewhere: dict[int, _PendingPuts] = {}
        self._puts = 0
        self._next_put_at_ns: dict[int, int] = {}
        self.hit_fast_path: HitFastPath | None = None
        """Is told of puts, if there is one."""

    def admits_put(self, key: int, at_ns: int, per_s: float | None) -> bool:
        """Use the per-key write limit, if it admits a put now.

        Args:
            key: The key to be written.
            at_ns: The instant of the put.
            per_s: Writes per second and key; None is unlimited.
        """
        if per_s is None:
            return True
        if at_ns < self._next_put_at_ns.get(key, 0):
            return False
        self._next_put_at_ns[key] = at_ns + round(NS_PER_S / per_s)
        return True

    def fill(self, key: int, entry: Entry) -> None:
        """Let an entry have been visible everywhere before the run."""
        self._elsewhere.setdefault(key, _PendingPuts()).last_visible = entry

    def purge(self, is_purged: Sequence[bool]) -> None:
        """Drop what was put of some keys, visible or not; copies of locations stay."""
        for key, puts in self._elsewhere.items():
            if is_purged[key]:
                puts.clear()
                if self.hit_fast_path is not None:
                    self.hit_fast_path.forget(key)
        for index, view in self._views.items():
            if is_purged[index // self._locations]:
                view.here.clear()

    def next_order(self) -> int:
        """Return the number of the next put among all puts."""
        self._puts += 1
        return self._puts

    def put(
        self, key: int, location: int, entry: Entry, visible_at: tuple[int, int]
    ) -> None:
        """Store an entry.

        Args:
            key: Its key.
            location: Where it is written.
            entry: What is written.
            visible_at: The instants in nanoseconds from which it can be read: where
                it is written, and everywhere else.
        """
        if self.hit_fast_path is not None:
            self.hit_fast_path.forget(key)
        view = self._view(key, location)
        view.here.add(entry, visible_at[0])
        if self._locations > 1:
            view.elsewhere.add(entry, visible_at[1])

    def lookup(
        self, key: int, location: int, at_ns: int, copies: CopyRules = NO_COPIES
    ) -> Entry | None:
        """Return what a location reads at an instant, expired entries included.

        Args:
            key: The key.
            location: Where it is read.
            at_ns: When; never earlier than the last lookup.
            copies: How long the location goes on reading what it has read.
        """
        view = self._views.get(key * self._locations + location)
        if view is None:
            if key not in self._elsewhere and not copies.absence_ns:
                return None
            view = self._view(key, location)
        if view.shows_copy(at_ns, copies):
            return view.cached
        entry = view.visible(at_ns)
        if entry is not None and at_ns < entry.expires_at_ns:
            # What a location keeps ends with the entry: expiry wins over its cache.
            until_ns = min(at_ns + copies.value_ns, entry.expires_at_ns)
        else:
            until_ns = at_ns + copies.absence_ns
        if until_ns > at_ns:
            view.cached, view.cached_until_ns = entry, until_ns
        return entry

    def hides_fresh(self, key: int, location: int, at_ns: int) -> bool:
        """Return whether a look-up that has just found nothing fresh missed an entry.

        A copy of absence then hides what is visible at its location.
        """
        entry = self._view(key, location).visible(at_ns)
        return entry is not None and at_ns < entry.expires_at_ns

    def misses_until_ns(self, key: int, location: int, at_ns: int) -> int:
        """Return until when a location reads nothing fresh, if no put is made.

        Args:
            key: The key.
            location: Where it is read; it keeps no copy of what it has read.
            at_ns: From when; never earlier than the last lookup.
        """
        if key not in self._elsewhere:
            return NEVER_NS
        view = self._view(key, location)
        entry = view.visible(at_ns)
        if entry is not None and at_ns < entry.expires_at_ns:
            return at_ns
        return min(view.here.next_at_ns, view.elsewhere.next_at_ns)

    def has_pending_puts(self, key: int, location: int) -> bool:
        """Whether a put of a key will become visible at a location that has read it."""
        view = self._views[key * self._locations + location]
        return bool(view.here.pending or view.elsewhere.pending)

    def is_hot(self, key: int, location: int, at_ns: int, hot_ns: int) -> bool:
        """Whether a location has read a key lately; this read counts from now on."""
        view = self._view(key, location)
        last_ns, view.read_at_ns = view.read_at_ns, at_ns
        return last_ns is not None and at_ns < last_ns + hot_ns

    def _view(self, key: int, location: int) -> _LocationView:
        index = key * self._locations + location
        view = self._views.get(index)
        if view is None:
            elsewhere = self._elsewhere.setdefault(key, _PendingPuts())
            view = self._views[index] = _LocationView(elsewhere)
        return view
