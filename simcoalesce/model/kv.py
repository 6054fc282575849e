"""The KV namespace: slow to write, slow to spread, and it remembers absence.

Nothing here waits: a put is a fact about the future (where it becomes visible, and
when), and a look is a question about an instant. Simplification: one central store;
the order of puts decides, whatever the order in which they become visible.
"""

from heapq import heappop, heappush

from simcoalesce.model.answer import Answer
from simcoalesce.outcomes import Lookup
from simcoalesce.units import NS_PER_S


class Entry:
    """A value in the namespace."""

    __slots__ = ("_answer", "_hit", "expires_at_ns", "order", "put_at_ns", "took_ns")

    def __init__(
        self,
        answer: Answer,
        *,
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


class _Shelf:
    """What one location can see of one key."""

    __slots__ = ("cached", "cached_until_ns", "current", "pending", "read_at_ns")

    def __init__(self) -> None:
        self.pending: list[tuple[int, int, Entry]] = []
        self.current: Entry | None = None
        self.cached: Entry | None = None
        self.cached_until_ns = -1
        self.read_at_ns: int | None = None

    def visible(self, at_ns: int) -> Entry | None:
        """Return the last put that is visible here; instants never go back."""
        pending = self.pending
        while pending and pending[0][0] <= at_ns:
            entry = heappop(pending)[2]
            if self.current is None or entry.order > self.current.order:
                self.current = entry
        return self.current


class Namespace:
    """One KV namespace, seen from several locations."""

    def __init__(self, locations: int) -> None:
        self._locations = locations
        self._shelves: dict[int, _Shelf] = {}
        self._puts = 0
        self._next_put_at_ns: dict[int, int] = {}

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
        self, key: int, location: int, entry: Entry, *, visible_at: tuple[int, int]
    ) -> None:
        """Store an entry.

        Args:
            key: Its key.
            location: Where it is written.
            entry: What is written.
            visible_at: The instants in nanoseconds from which it can be read: where
                it is written, and everywhere else.
        """
        for place in range(self._locations):
            shelf = self._shelf(key, place)
            shelf.visible(entry.put_at_ns)
            instant = visible_at[0] if place == location else visible_at[1]
            heappush(shelf.pending, (instant, entry.order, entry))

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
            if not cache_ns[1]:
                return None
            shelf = self._shelf(key, location)
        if at_ns < shelf.cached_until_ns:
            return shelf.cached
        entry = shelf.visible(at_ns)
        is_fresh = entry is not None and at_ns < entry.expires_at_ns
        keep_ns = cache_ns[0] if is_fresh else cache_ns[1]
        if keep_ns:
            shelf.cached = entry
            shelf.cached_until_ns = at_ns + keep_ns
        return entry

    def is_hot(self, key: int, location: int, at_ns: int, hot_ns: int) -> bool:
        """Whether a location has read a key lately; this read counts from now on."""
        shelf = self._shelf(key, location)
        last_ns, shelf.read_at_ns = shelf.read_at_ns, at_ns
        return last_ns is not None and at_ns < last_ns + hot_ns

    def _shelf(self, key: int, location: int) -> _Shelf:
        index = key * self._locations + location
        shelf = self._shelves.get(index)
        if shelf is None:
            shelf = self._shelves[index] = _Shelf()
        return shelf
