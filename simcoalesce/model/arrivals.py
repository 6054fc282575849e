"""Arrivals loop: starts each request's process, or completes the request at once."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import START, Clock, Fetch
from simcoalesce.request import ClosedLoop, Request, Requests
from simcoalesce.run_bounds import MOST_SENT, too_many_sent

Answered: TypeAlias = Callable[[Request, int, Answer], None]
"""Records that a request got an answer, and at which instant in nanoseconds."""
Arrived: TypeAlias = Callable[[Requests], None]
"""Takes the next requests that have arrived."""

_LEAST_BULK: Final = 24
"""Fewer requests than this are cheaper one by one."""
_BLOCK: Final = 256
"""How many requests are unpacked at a time; those completed in bulk never are."""
_ROWS: Final = 65_536
"""Of so many requests of a closed loop a chunk is made."""


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
    arrived: Arrived,
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
        arrived: Takes each chunk when all of it has arrived.
        fast_path: Completes requests whose answers are known when they arrive.

    Returns:
        How many requests arrived.
    """
    count = 0
    for chunk in chunks:
        if fast_path is None:
            for request in _unpacked(chunk, 0, len(chunk)):
                clock.advance(request.arrived_at_ns, START + request.id)
                start(clock, request, fetch, answered)
        else:
            _serve_or_complete(clock, chunk, fetch, answered, fast_path)
        count += len(chunk)
        arrived(chunk)
    clock.run()
    return count


def serve_closed_loop(
    clock: Clock,
    clients: ClosedLoop,
    fetch: Fetch,
    answered: Answered,
    arrived: Arrived,
) -> int:
    """Let requests arrive that depend on answers, until nothing is under way.

    Every event before the next arrival is processed first, since it may bring an
    answer, and with it an earlier arrival. No request is completed ahead of its time.

    Args:
        clock: The clock.
        clients: Who sends.
        fetch: What each request is given to.
        answered: Records each answer.
        arrived: Takes the requests that have arrived, chunk by chunk.

    Returns:
        How many requests arrived.

    Raises:
        ValueError: If there are more than anybody waits for.
    """

    def told(request: Request, at_ns: int, answer: Answer) -> None:
        answered(request, at_ns, answer)
        clients.answered(request.id, at_ns)

    sent: list[Request] = []
    number = 0
    while (at_ns := _next_arrival(clock, clients, number)) is not None:
        clock.advance(at_ns, START + number)
        if number >= MOST_SENT:
            raise too_many_sent()
        request = clients.send(number)
        number += 1
        sent.append(request)
        start(clock, request, fetch, told)
        if len(sent) == _ROWS:
            arrived(_packed(sent, number, clients.pages()))
            sent = []
    arrived(_packed(sent, number, clients.pages()))
    return number


def _next_arrival(clock: Clock, clients: ClosedLoop, number: int) -> int | None:
    """Process all that comes before the next arrival, and return its instant.

    After the last one all events are processed, and there is none.
    """
    while True:
        at_ns, event = clients.next_at_ns(), clock.next_event()
        if event is None or (at_ns is not None and event >= (at_ns, START + number)):
            return at_ns
        clock.step()


def _packed(
    sent: Sequence[Request], end: int, page: NDArray[np.int64] | None
) -> Requests:
    """Return the requests before the number `end` as a chunk."""
    storable = np.array([one.storable for one in sent], dtype=np.bool_)
    rows = [(one.arrived_at_ns, one.key, one.location, one.isolate) for one in sent]
    at_ns, key, location, isolate = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    flags = None if storable.all() else storable
    return Requests(end - len(sent), at_ns, key, location, isolate, page, flags)


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
            if not (request.storable and fast_path.completes(request)):
                start(clock, request, fetch, answered)
                completed = 0
                continue
            completed += 1
            if completed == _LEAST_BULK:
                stop = _before_next_event(clock, chunk, index)
                stop = _before_bypass(chunk, index, stop)
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


def _before_bypass(chunk: Requests, start: int, stop: int) -> int:
    """Return the first of the requests [start, stop) that no store answers, or stop."""
    if chunk.storable is None or stop <= start:
        return stop
    first = start + int(np.argmin(chunk.storable[start:stop]))
    return stop if chunk.storable[first] else first


def _unpacked(chunk: Requests, start: int, stop: int) -> Iterator[Request]:
    """Yield the requests [start, stop) one by one, as plain integers."""
    ids = itertools.count(chunk.first_id + start)
    columns = [
        column[start:stop].tolist()
        for column in (chunk.key, chunk.location, chunk.isolate, chunk.arrived_at_ns)
    ]
    if chunk.storable is None:
        return map(Request, ids, *columns)
    flags = chunk.storable[start:stop].tolist()
    return map(Request, ids, *columns, itertools.repeat(0), flags)
