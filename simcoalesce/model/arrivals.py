"""Arrivals loop: starts each request's process, or completes the request at once."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Protocol, TypeAlias

import numpy as np

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import START, Clock, Fetch
from simcoalesce.request import Request, Requests

Answered: TypeAlias = Callable[[Request, int, Answer], None]
"""Records that a request got an answer, and at which instant in nanoseconds."""

_LEAST_BULK: Final = 24
"""Fewer requests than this are cheaper one by one."""
_BLOCK: Final = 256
"""How many requests are unpacked at a time; those completed in bulk never are."""


class FastPath(Protocol):
    """Completes requests at their arrival whose answers are certain by then."""

    def completes(self, request: Request) -> bool:
        """Complete one request, if its answer is known; return whether it is."""

    def complete(self, chunk: Requests, start: int, stop: int) -> int:
        """Complete some of the requests [start, stop) from the first on.

        Returns:
            How many were completed.
        """


def serve_arrivals(
    clock: Clock,
    chunks: Iterable[Requests],
    fetch: Fetch,
    answered: Answered,
    fast_path: FastPath | None = None,
) -> int:
    """Let requests arrive, and run until the last of them is answered.

    An arrival is no event: the loop advances the clock to it, so the queue of events
    holds only what is under way.

    Args:
        clock: The clock.
        chunks: The traffic.
        fetch: What each request is given to.
        answered: Records each answer.
        fast_path: Completes requests whose answers are known when they arrive.

    Returns:
        How many requests arrived.
    """
    arrived = 0
    for chunk in chunks:
        if fast_path is None:
            for request in _unpacked(chunk, 0, len(chunk)):
                clock.advance(request.arrived_at_ns, START + request.id)
                start(clock, request, fetch, answered)
        else:
            _serve_or_complete(clock, chunk, fetch, answered, fast_path)
        arrived += len(chunk)
    clock.run()
    return arrived


def start(clock: Clock, request: Request, fetch: Fetch, answered: Answered) -> None:
    """Start the process of a request that arrives now."""
    clock.start(fetch(request), lambda it: answered(request, clock.now_ns, it))


def _serve_or_complete(
    clock: Clock, chunk: Requests, fetch: Fetch, answered: Answered, fast_path: FastPath
) -> None:
    """Let requests arrive; after a series of completed ones, try many at once."""
    index = 0
    while index < len(chunk):
        completed = 0
        for request in _unpacked(chunk, index, index + _BLOCK):
            clock.advance(request.arrived_at_ns, START + request.id)
            index += 1
            if not fast_path.completes(request):
                start(clock, request, fetch, answered)
                completed = 0
                continue
            completed += 1
            if completed == _LEAST_BULK:
                stop = _before_next_event(clock, chunk, index)
                if stop - index >= _LEAST_BULK:
                    index += fast_path.complete(chunk, index, stop)
                break


def _before_next_event(clock: Clock, chunk: Requests, index: int) -> int:
    """Return the first arrival, from an index on, that is after the next event."""
    event = clock.next_event()
    if event is None:
        return len(chunk)
    instant, priority = event
    arrived_at_ns = chunk.arrived_at_ns[index:]
    before = index + int(np.searchsorted(arrived_at_ns, instant, side="left"))
    until = index + int(np.searchsorted(arrived_at_ns, instant, side="right"))
    return max(before, min(until, priority - START - chunk.first_id))


def _unpacked(chunk: Requests, start: int, stop: int) -> Iterator[Request]:
    """Yield the requests [start, stop) one by one, as plain integers."""
    ids = itertools.count(chunk.first_id + start)
    columns = (chunk.key, chunk.location, chunk.isolate, chunk.arrived_at_ns)
    return map(Request, ids, *(column[start:stop].tolist() for column in columns))
