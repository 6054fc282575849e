"""Followers: misses that will surely join a flight are parked on it in bulk.

Behind a plain kv.read stand flights of one layer. A request whose read will surely
miss, and who reaches an open flight of its key before its fetch can end, follows it for
certain: it waits, gets what the flight brings, and touches nothing else. It needs no
process; its row is written when the flight lands. Where these tests are not enough, the
request goes through the layers: a weak test costs time, never correctness.
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

_AT_ONCE: Final = 1 << 12
"""Further ahead than this, flights have ended."""


class CoalescingPoint(NamedTuple):
    """Where misses of a key meet: the flights of a layer, and the way to them."""

    flights: Flights
    domain_of: Callable[[Request], int | None]
    """The flights that a request would join; None if there are none yet."""
    there: Quantiles | None = None
    """The hop to an object; None if they meet in their isolate."""
    back: Quantiles | None = None
    """The hop back."""


class _Parked:
    """Who waits for a flight without a process."""

    __slots__ = ("in_bulk", "singly")

    def __init__(self) -> None:
        self.singly: list[Request] = []
        self.in_bulk: list[NDArray[np.int64]] = []

    def __len__(self) -> int:
        return len(self.singly) + sum(map(len, self.in_bulk))


class FollowerFastPath:
    """Settles hits as `HitFastPath` does, and misses that follow an open flight."""

    def __init__(
        self,
        hits: HitFastPath,
        coalescing_point: CoalescingPoint,
        *,
        clock: Clock,
        kv: Namespace,
        recorder: Recorder,
    ) -> None:
        """Park nobody yet.

        Args:
            hits: Settles the hits of the read in front.
            coalescing_point: Where its misses meet.
            clock: The clock.
            kv: What is read.
            recorder: Takes the rows of the followers.
        """
        self._hits = hits
        self._coalescing_point = coalescing_point
        self._clock = clock
        self._kv = kv
        self._recorder = recorder
        self._parked: dict[Flight, _Parked] = {}

    def completes(self, request: Request) -> bool:
        """Settle one request, if its answer is known; say whether it is."""
        if self._hits.completes(request):
            return True
        flight, until_ns = self._open_flight(request)
        if flight is None:
            return False
        takes_ns = self._hits.reads.draw(request.id)
        there = self._coalescing_point.there
        hop_ns = 0 if there is None else there.draw(request.id)
        joins_at_ns = request.arrived_at_ns + takes_ns + hop_ns
        if joins_at_ns >= until_ns or takes_ns >= self._hits.sees_puts_within_ns:
            return False
        self._parked_on(flight).singly.append(request)
        return True

    def complete(self, chunk: Requests, start: int, stop: int) -> int:
        """Settle some of the requests [start, stop) from the first on; say how many."""
        completed = self._hits.complete(chunk, start, stop)
        return completed or self._park_many(chunk, start, min(stop, start + _AT_ONCE))

    def _park_many(self, chunk: Requests, start: int, stop: int) -> int:
        groups, first = self._groups(chunk, start, stop)
        flights, until_ns = zip(
            *(self._open_flight(chunk.request(start + place)) for place in first),
            strict=True,
        )
        ids = np.arange(chunk.first_id + start, chunk.first_id + stop)
        takes_ns = self._hits.reads.draw_many(ids)
        joins_at_ns = chunk.arrived_at_ns[start:stop] + takes_ns
        if self._coalescing_point.there is not None:
            joins_at_ns = joins_at_ns + self._coalescing_point.there.draw_many(ids)
        is_sure = joins_at_ns < np.array(until_ns)[groups]
        is_sure &= takes_ns < self._hits.sees_puts_within_ns
        count = len(ids) if is_sure.all() else int(np.argmin(is_sure))
        for group in np.unique(groups[:count]).tolist():
            mine = ids[:count][groups[:count] == group]
            self._parked_on(flights[group]).in_bulk.append(mine)
        return count

    def _groups(
        self, chunk: Requests, start: int, stop: int
    ) -> tuple[NDArray[np.int64], list[int]]:
        """Number those who read and meet together; return also each group's first."""
        places = chunk.key[start:stop]
        is_apart = self._coalescing_point.there is None
        for column in (chunk.location, chunk.isolate)[: 1 + is_apart]:
            places = places * (column.max() + 1) + column[start:stop]
        _, first, groups = np.unique(places, return_index=True, return_inverse=True)
        return groups, first.tolist()

    def _open_flight(self, request: Request) -> tuple[Flight | None, int]:
        """Return the flight that a request joins if it does so before an instant."""
        domain = self._coalescing_point.domain_of(request)
        if domain is None:
            return None, 0
        flight = self._coalescing_point.flights.open_flight(domain, request.key)
        if flight is None:
            return None, 0
        dark_until_ns = self._kv.dark_until_ns(
            request.key, request.location, request.arrived_at_ns
        )
        return flight, min(flight.lands_after_ns, dark_until_ns)

    def _parked_on(self, flight: Flight) -> _Parked:
        parked = self._parked.get(flight)
        if parked is None:
            parked = self._parked[flight] = _Parked()
            flight.landed.callbacks.append(lambda _: self._land(flight))
        return parked

    def _land(self, flight: Flight) -> None:
        """Answer all who are parked on a flight that lands now."""
        answer, recorder, back = (
            flight.followed,
            self._recorder,
            self._coalescing_point.back,
        )
        assert answer is not None
        now_ns = self._clock.now_ns
        parked = self._parked.pop(flight)
        for request in parked.singly:
            hop_ns = 0 if back is None else back.draw(request.id)
            recorder.answered(request, now_ns + hop_ns, answer)
        for ids in parked.in_bulk:
            hops_ns = 0 if back is None else back.draw_many(ids)
            recorder.completed(ids, now_ns + hops_ns, answer)
        recorder.usage.kv_reads += len(parked.singly)
        if back is not None:
            recorder.usage.object_requests += len(parked)
