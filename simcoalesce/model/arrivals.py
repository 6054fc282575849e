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


class FastPath(Protocol):
    """Answers requests at their arrival, where that is certain."""

    def completes(self, request: Request) -> bool:
        """Settle one request, if its answer is known; say whether it is."""

    def complete(self, chunk: Requests, start: int, stop: int) -> int:
        """Settle some of the requests [start, stop) from the first on; say how many."""


def serve_arrivals(
    clock: Clock,
    chunks: Iterable[Requests],
    fetch: Fetch,
    answered: Answered,
    fast_path: FastPath | None = None,
) -> int:
    """Let requests arrive, and run until the last of them is answered.

    An arrival is not queued: it is compared with the head of the queue, so the queue
    holds only what is under way.

    Args:
        clock: The clock.
        chunks: The traffic.
        fetch: What each request is given to.
        answered: Takes note of each answer.
        fast_path: Settles requests whose answers are known when they arrive.

    Returns:
        How many requests arrived.
    """
    arrived = 0
    for chunk in chunks:
        if fast_path is None:
            _serve_each(clock, chunk, fetch, answered)
        else:
            _serve_or_complete(clock, chunk, fetch, answered, fast_path)
        arrived += len(chunk)
    clock.finish()
    return arrived


def _serve_each(
    clock: Clock, chunk: Requests, fetch: Fetch, answered: Answered
) -> None:
    for request in _each(chunk, 0, len(chunk)):
        clock.pass_until((request.arrived_at_ns, START + request.id))
        clock.begin(request, fetch(request), answered)


def _serve_or_complete(
    clock: Clock, chunk: Requests, fetch: Fetch, answered: Answered, fast_path: FastPath
) -> None:
    """Let requests arrive; after some that were settled, try many at once."""
    place = 0
    while place < len(chunk):
        completed = 0
        for request in _each(chunk, place, place + _BLOCK):
            clock.pass_until((request.arrived_at_ns, START + request.id))
            place += 1
            if not fast_path.completes(request):
                clock.begin(request, fetch(request), answered)
                completed = 0
                continue
            completed += 1
            if completed == _WORTH_IT:
                stop = _next_event(clock, chunk, place)
                if stop - place >= _WORTH_IT:
                    place += fast_path.complete(chunk, place, stop)
                break


def _next_event(clock: Clock, chunk: Requests, place: int) -> int:
    """Return the first arrival, from a place on, that is after the next event."""
    wake = clock.next_wake()
    if wake is None:
        return len(chunk)
    instant, order = wake
    arrived_at_ns = chunk.arrived_at_ns[place:]
    before = place + int(np.searchsorted(arrived_at_ns, instant, side="left"))
    until = place + int(np.searchsorted(arrived_at_ns, instant, side="right"))
    return max(before, min(until, order - START - chunk.first_id))


def _each(chunk: Requests, start: int, stop: int) -> Iterator[Request]:
    """Yield the requests [start, stop) one by one, as plain integers."""
    ids = itertools.count(chunk.first_id + start)
    columns = (chunk.key, chunk.location, chunk.isolate, chunk.arrived_at_ns)
    return map(Request, ids, *(column[start:stop].tolist() for column in columns))
