"""Serving: requests arrive, one by one or many at once, until all are answered."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import numpy as np

from simcoalesce.model.clock import START, Answered, Clock, Fetch
from simcoalesce.request import Request, Requests

_WORTH_IT: Final = 24
"""Fewer requests at once than this are cheaper one by one."""
_BLOCK: Final = 256
"""So many are made ready at once: those that are settled in bulk never are."""


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
    for request in _each(stretch, 0, len(stretch)):
        clock.pass_until((request.arrived_at_ns, START + request.id))
        clock.begin(request, fetch(request), answered)


def _serve_or_settle(
    clock: Clock, stretch: Requests, fetch: Fetch, answered: Answered, settler: Settler
) -> None:
    """Let requests arrive; after some that were settled, try many at once."""
    place = 0
    while place < len(stretch):
        settled = 0
        for request in _each(stretch, place, place + _BLOCK):
            clock.pass_until((request.arrived_at_ns, START + request.id))
            place += 1
            if not settler.settles(request):
                clock.begin(request, fetch(request), answered)
                settled = 0
                continue
            settled += 1
            if settled == _WORTH_IT:
                stop = _next_event(clock, stretch, place)
                if stop - place >= _WORTH_IT:
                    place += settler.settle(stretch, place, stop)
                break


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


def _each(stretch: Requests, start: int, stop: int) -> Iterator[Request]:
    """Yield the requests [start, stop) one by one, as plain integers."""
    ids = itertools.count(stretch.first_id + start)
    columns = (stretch.key, stretch.location, stretch.isolate, stretch.arrived_at_ns)
    return map(Request, ids, *(column[start:stop].tolist() for column in columns))
