"""Serving: requests arrive, one by one or many at once, until all are answered."""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import numpy as np

from simcoalesce.model.clock import START, Answered, Clock, Fetch
from simcoalesce.request import Request, Requests

_WORTH_IT: Final = 24
"""Fewer requests at once than this are cheaper one by one."""


class Settler(Protocol):
    """Answers requests at their arrival, where that is certain."""

    def settles(self, request: Request) -> bool:
        """Settle one request, if its answer is known; say whether it is."""

    def settle(self, stretch: Requests, start: int, stop: int) -> int:
        """Settle some of the requests [start, stop) from the first on; say how many."""


def serve(
    clock: Clock,
    stretches: Iterable[Requests],
    fetch: Fetch,
    answered: Answered,
    settler: Settler | None = None,
) -> int:
    """Let requests arrive, and run until the last of them is answered.

    An arrival is not queued: it is compared with the head of the queue, so the queue
    holds only what is under way.

    Args:
        clock: The clock.
        stretches: The traffic.
        fetch: What each request is given to.
        answered: Takes note of each answer.
        settler: Settles requests whose answers are known when they arrive.

    Returns:
        How many requests arrived.
    """
    arrived = 0
    for stretch in stretches:
        if settler is None:
            _serve_each(clock, stretch, fetch, answered)
        else:
            _serve_or_settle(clock, stretch, fetch, answered, settler)
        arrived += len(stretch)
    clock.finish()
    return arrived


def _serve_each(
    clock: Clock, stretch: Requests, fetch: Fetch, answered: Answered
) -> None:
    for request in _each(stretch):
        clock.pass_until((request.arrived_at_ns, START + request.id))
        clock.begin(request, fetch(request), answered)


def _serve_or_settle(
    clock: Clock,
    stretch: Requests,
    fetch: Fetch,
    answered: Answered,
    settler: Settler,
) -> None:
    """Let requests arrive; after some that were settled, try many at once."""
    requests = list(_each(stretch))
    place, settled = 0, 0
    while place < len(requests):
        request = requests[place]
        clock.pass_until((request.arrived_at_ns, START + request.id))
        if settler.settles(request):
            settled += 1
        else:
            settled = 0
            clock.begin(request, fetch(request), answered)
        place += 1
        if settled >= _WORTH_IT:
            stop = _next_event(clock, stretch, place)
            if stop - place >= _WORTH_IT:
                place += settler.settle(stretch, place, stop)
            settled = 0


def _next_event(clock: Clock, stretch: Requests, place: int) -> int:
    """Return the first arrival, from a place on, that is after the next event."""
    wake = clock.next_wake()
    if wake is None:
        return len(stretch)
    instant, order = wake
    arrived_at_ns = stretch.arrived_at_ns[place:]
    before = place + int(np.searchsorted(arrived_at_ns, instant, side="left"))
    until = place + int(np.searchsorted(arrived_at_ns, instant, side="right"))
    return max(before, min(until, order - START - stretch.first_id))


def _each(stretch: Requests) -> Iterator[Request]:
    """Yield the requests of a stretch one by one, as plain integers."""
    ids = range(stretch.first_id, stretch.first_id + len(stretch))
    keys, locations = stretch.key.tolist(), stretch.location.tolist()
    isolates, instants = stretch.isolate.tolist(), stretch.arrived_at_ns.tolist()
    return map(Request, ids, keys, locations, isolates, instants)
