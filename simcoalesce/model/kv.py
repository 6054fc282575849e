"""The KV namespace: slow to write, slow to spread, and it remembers absence.

Nothing here waits: a put is a fact about the future (where it becomes visible, and
when), and a look is a question about an instant. Simplification: one central store;
the order of puts decides, whatever the order in which they become visible.
"""

from collections import deque

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.model.hit_fast_path import HitFastPath
from simcoalesce.outcomes import Lookup
from simcoalesce.units import NS_PER_S


class Entry:
    """A value in the namespace."""

    __slots__ = ("_answer", "_hit", "expires_at_ns", "order", "put_at_ns", "took_ns")

    def __init__(
        self,
        answer: Answer,
        order: int,
        put_at_ns: int,
        expires_at_ns: int,
        took_ns: int = 0,
    ) -> None:
        """Make an entry.

        Args:
            answer: What is stored.
            order: Its place in the order of puts.
            put_at_ns: When the put was issued.
            expires_at_ns: Until when it may be served.
            took_ns: How long the fetch took that made it, for early refresh.
        """
        self._answer = answer
        self._hit: Answer | None = None
        self.order = order
        self.put_at_ns = put_at_ns
        self.expires_at_ns = expires_at_ns
        self.took_ns = took_ns

    def hit(self, served_by: int, lookup: int = Lookup.HIT) -> Answer:
        """Return the answer to a request that finds the entry."""
        hit = self._hit
        if hit is None or hit.lookup != lookup or hit.served_by != served_by:
            hit = self._hit = self._answer.as_hit(served_by, lookup)
        return hit


class _Inbox:
    """Puts on their way to a place, and the last of those that have arrived.

    A put outdoes every earlier one that would become visible later than itself, so
    the pending ones stand in the order of both.
    """

    __slots__ = ("_arrived", "_pending")

    def __init__(self) -> None:
        self._pending: deque[tuple[int, Entry]] = deque()
        self._arrived: Entry | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no put is on its way."""
        return not self._pending

    @property
    def next_at_ns(self) -> int:
        """When the next put arrives."""
        return self._pending[0][0] if self._pending else NEVER_NS

    def expect(self, entry: Entry, visible_at_ns: int) -> None:
        """Take note of the last put of all."""
        self.last(entry.put_at_ns)
        pending = self._pending
        while pending and pending[-1][0] >= visible_at_ns:
            pending.pop()
        pending.append((visible_at_ns, entry))

    def last(self, at_ns: int) -> Entry | None:
        """Return the last put that is visible; instants never go back."""
        pending = self._pending
        while pending and pending[0][0] <= at_ns:
            self._arrived = pending.popleft()[1]
        return self._arrived


class _Shelf:
    """What one location can see of one key: its own puts early, all others later."""

    __slots__ = ("cached", "cached_until_ns", "elsewhere", "here", "read_at_ns")

    def __init__(self, elsewhere: _Inbox) -> None:
        self.here = _Inbox()
        self.elsewhere = elsewhere
        self.cached: Entry | None = None
        self.cached_until_ns = -1
        self.read_at_ns: int | None = None

    def visible(self, at_ns: int) -> Entry | None:
        """Return the last put that is visible here; instants never go back."""
        mine, other = self.here.last(at_ns), self.elsewhere.last(at_ns)
        if mine is None or (other is not None and other.order > mine.order):
            return other
        return mine


class Namespace:
    """One KV namespace, seen from several locations."""

    def __init__(self, locations: int) -> None:
        self._locations = locations
        self._shelves: dict[int, _Shelf] = {}
        self._elsewhere: dict[int, _Inbox] = {}
        self._puts = 0
        self._next_put_at_ns: dict[int, int] = {}
        self.hit_fast_path: HitFastPath | None = None
        """Who wants to know of puts, if anybody does."""

    def admits_put(self, key: int, at_ns: int, per_s: float | None) -> bool:
        """Take a turn in the per-key write limit, if there is one left.

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

    def next_order(self) -> int:
        """Return the place of the next put in the order of all puts."""
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
        shelf = self._shelf(key, location)
        shelf.here.expect(entry, visible_at[0])
        if self._locations > 1:
            shelf.elsewhere.expect(entry, visible_at[1])

    def look(
        self, key: int, location: int, at_ns: int, cache_ns: tuple[int, int] = (0, 0)
    ) -> Entry | None:
        """Return what a location reads at an instant, expired entries included.

        Args:
            key: The key.
            location: Where it is read.
            at_ns: When; never earlier than the last look.
            cache_ns: How long the location keeps what it has read, in nanoseconds:
                a value, and absence.
        """
        shelf = self._shelves.get(key * self._locations + location)
        if shelf is None:
            if key not in self._elsewhere and not cache_ns[1]:
                return None
            shelf = self._shelf(key, location)
        if at_ns < shelf.cached_until_ns:
            return shelf.cached
        entry = shelf.visible(at_ns)
        if entry is not None and at_ns < entry.expires_at_ns:
            # What a location keeps ends with the entry: expiry wins over its cache.
            until_ns = min(at_ns + cache_ns[0], entry.expires_at_ns)
        else:
            until_ns = at_ns + cache_ns[1]
        if until_ns > at_ns:
            shelf.cached, shelf.cached_until_ns = entry, until_ns
        return entry

    def dark_until_ns(self, key: int, location: int, at_ns: int) -> int:
        """Return until when a location reads nothing fresh, if no put is made.

        Args:
            key: The key.
            location: Where it is read; it keeps no copy of what it has read.
            at_ns: From when; never earlier than the last look.
        """
        if key not in self._elsewhere:
            return NEVER_NS
        shelf = self._shelf(key, location)
        entry = shelf.visible(at_ns)
        if entry is not None and at_ns < entry.expires_at_ns:
            return at_ns
        return min(shelf.here.next_at_ns, shelf.elsewhere.next_at_ns)

    def is_quiet(self, key: int, location: int) -> bool:
        """Whether no put of a key is on its way to a location that has read it."""
        shelf = self._shelves[key * self._locations + location]
        return shelf.here.is_empty and shelf.elsewhere.is_empty

    def is_hot(self, key: int, location: int, at_ns: int, hot_ns: int) -> bool:
        """Whether a location has read a key lately; this read counts from now on."""
        shelf = self._shelf(key, location)
        last_ns, shelf.read_at_ns = shelf.read_at_ns, at_ns
        return last_ns is not None and at_ns < last_ns + hot_ns

    def _shelf(self, key: int, location: int) -> _Shelf:
        index = key * self._locations + location
        shelf = self._shelves.get(index)
        if shelf is None:
            elsewhere = self._elsewhere.setdefault(key, _Inbox())
            shelf = self._shelves[index] = _Shelf(elsewhere)
        return shelf
