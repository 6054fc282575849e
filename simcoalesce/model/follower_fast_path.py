"""Fast path for followers: completes certain followers without a process for each.

Behind a plain kv.read stand the flights of one layer. A request whose read will
certainly miss, and who reaches an open flight of its key before the fetch can end,
follows it: it waits, gets what the flight brings, and touches nothing else. Its row is
written when the flight lands. Where these tests do not suffice, the request goes
through the layers: a weak test costs time, never correctness.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.clock import Clock
from simcoalesce.model.flights import Flight, Flights
from simcoalesce.model.hit_fast_path import HitFastPath
from simcoalesce.model.kv import Namespace
from simcoalesce.model.recorder import Recorder
from simcoalesce.request import Request, Requests
from simcoalesce.sampler import Quantiles

_MOST_AT_ONCE: Final = 1 << 12
"""Further ahead than this, flights have ended."""


class CoalescingPoint(NamedTuple):
    """Where misses of a key coalesce: the flights of a layer, and the hops to them."""

    flights: Flights
    domain_of: Callable[[Request], int | None]
    """The flights that a request would join; None if there are none yet."""
    hop: Quantiles | None = None
    """The hop to an object; None if misses coalesce in their isolate."""
    hop_back: Quantiles | None = None


class _Followers:
    """Who follows a flight without a process."""

    __slots__ = ("ids", "requests")

    def __init__(self) -> None:
        self.requests: list[Request] = []
        """Those that were found one by one."""
        self.ids: list[NDArray[np.int64]] = []
        """Those that were found many at once."""

    def __len__(self) -> int:
        return len(self.requests) + sum(map(len, self.ids))


class FollowerFastPath:
    """Completes hits as `HitFastPath` does, and misses that follow an open flight."""

    def __init__(
        self,
        hits: HitFastPath,
        coalescing_point: CoalescingPoint,
        *,
        clock: Clock,
        kv: Namespace,
        recorder: Recorder,
    ) -> None:
        """Begin without followers.

        Args:
            hits: Completes the hits of the read in front.
            coalescing_point: Where its misses coalesce.
            clock: The clock.
            kv: What is read.
            recorder: Takes the rows of the followers.
        """
        self._hits = hits
        self._coalescing_point = coalescing_point
        self._clock = clock
        self._kv = kv
        self._recorder = recorder
        self._followers: dict[Flight, _Followers] = {}

    def completes(self, request: Request) -> bool:
        """Complete one request, if its answer is known; return whether it is."""
        if self._hits.completes(request):
            return True
        flight, until_ns = self._open_flight(request)
        if flight is None:
            return False
        takes_ns = self._hits.reads.draw(request.id)
        hop = self._coalescing_point.hop
        hop_ns = 0 if hop is None else hop.draw(request.id)
        joins_at_ns = request.arrived_at_ns + takes_ns + hop_ns
        if joins_at_ns >= until_ns or takes_ns >= self._hits.sees_puts_within_ns:
            return False
        self._followers_of(flight).requests.append(request)
        return True

    def complete(self, chunk: Requests, start: int, stop: int) -> int:
        """Complete some of the requests [start, stop) from the first on."""
        completed = self._hits.complete(chunk, start, stop)
        return completed or self._follow(chunk, start, min(stop, start + _MOST_AT_ONCE))

    def _follow(self, chunk: Requests, start: int, stop: int) -> int:
        """Let requests follow open flights, as far as that is certain."""
        groups, first = self._groups(chunk, start, stop)
        flights, until_ns = zip(
            *(self._open_flight(chunk.request(start + index)) for index in first),
            strict=True,
        )
        ids = np.arange(chunk.first_id + start, chunk.first_id + stop)
        takes_ns = self._hits.reads.draw_many(ids)
        joins_at_ns = chunk.arrived_at_ns[start:stop] + takes_ns
        if self._coalescing_point.hop is not None:
            joins_at_ns = joins_at_ns + self._coalescing_point.hop.draw_many(ids)
        is_certain = joins_at_ns < np.array(until_ns)[groups]
        is_certain &= takes_ns < self._hits.sees_puts_within_ns
        count = len(ids) if is_certain.all() else int(np.argmin(is_certain))
        for group in np.unique(groups[:count]).tolist():
            mine = ids[:count][groups[:count] == group]
            self._followers_of(flights[group]).ids.append(mine)
        return count

    def _groups(
        self, chunk: Requests, start: int, stop: int
    ) -> tuple[NDArray[np.int64], list[int]]:
        """Number those who read and coalesce together; return each group's first."""
        numbers = chunk.key[start:stop]
        is_by_isolate = self._coalescing_point.hop is None
        for column in (chunk.location, chunk.isolate)[: 1 + is_by_isolate]:
            numbers = numbers * (column.max() + 1) + column[start:stop]
        _, first, groups = np.unique(numbers, return_index=True, return_inverse=True)
        return groups, first.tolist()

    def _open_flight(self, request: Request) -> tuple[Flight | None, int]:
        """Return the flight that a request joins if it does so before an instant."""
        domain = self._coalescing_point.domain_of(request)
        if domain is None:
            return None, 0
        flight = self._coalescing_point.flights.open_flight(domain, request.key)
        if flight is None:
            return None, 0
        misses_until_ns = self._kv.misses_until_ns(
            request.key, request.location, request.arrived_at_ns
        )
        return flight, min(flight.joinable_until_ns, misses_until_ns)

    def _followers_of(self, flight: Flight) -> _Followers:
        followers = self._followers.get(flight)
        if followers is None:
            followers = self._followers[flight] = _Followers()
            flight.landed.callbacks.append(lambda _: self._land(flight))
        return followers

    def _land(self, flight: Flight) -> None:
        """Answer all who follow a flight that lands now."""
        answer, recorder = flight.followed, self._recorder
        assert answer is not None
        now_ns, hop_back = self._clock.now_ns, self._coalescing_point.hop_back
        followers = self._followers.pop(flight)
        for request in followers.requests:
            hop_ns = 0 if hop_back is None else hop_back.draw(request.id)
            recorder.answered(request, now_ns + hop_ns, answer)
        for ids in followers.ids:
            hops_ns = 0 if hop_back is None else hop_back.draw_many(ids)
            recorder.completed(ids, now_ns + hops_ns, answer)
        recorder.usage.kv_reads += len(followers.requests)
        if hop_back is not None:
            recorder.usage.object_requests += len(followers)
