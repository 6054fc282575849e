"""The origin's servers and their queue, as `model.origin.Servers` has them."""

from simcoalesce.compiled.instant_heap import (
    InstantHeap,
    add,
    drop_least,
    drop_past,
    least,
)
from simcoalesce.compiled.instant_queue import InstantQueue, join, let_leave
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Record
from simcoalesce.compiled.state import State


class ServersRecord(Record):
    """Servers and their queue; a number that is nobody is not limited."""

    concurrency: int
    queue_limit: int
    queue_timeout_ns: int
    busy: InstantHeap
    """When those that are at work are free."""
    queue: InstantQueue
    """Until when those who wait do so, if their number has a limit."""


@inner
def is_full(m: State, servers: ServersRecord) -> bool:
    """Whether a call would find no server and a full queue."""
    if servers.concurrency < 0 or servers.queue_limit < 0:
        return False
    waiting, busy = let_leave(m, servers.queue), drop_past(m, servers.busy)
    return busy >= servers.concurrency and waiting >= servers.queue_limit


@inner
def times_out_at(m: State, servers: ServersRecord) -> int:
    """Return when a call leaves the queue; NOBODY if a server takes it in time."""
    if servers.concurrency < 0 or servers.queue_timeout_ns < 0:
        return NOBODY
    until, busy = m.now + servers.queue_timeout_ns, servers.busy
    if drop_past(m, busy) < servers.concurrency or least(busy) <= until:
        return NOBODY
    _wait_until(m, servers, until)
    return until


@inner
def queue_up(m: State, servers: ServersRecord, service: int) -> int:
    """Give a call to the first server that is free; return when it is done."""
    starts, busy = m.now, servers.busy
    if drop_past(m, busy) >= servers.concurrency:
        starts = least(busy)
        _wait_until(m, servers, starts)
        drop_least(m, busy)
    add(m, busy, starts + service)
    return starts + service


@inner
def _wait_until(m: State, servers: ServersRecord, until: int) -> None:
    if servers.queue_limit != NOBODY:
        join(m, servers.queue, until)
