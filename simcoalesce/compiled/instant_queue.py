"""Queues of instants, which leave in the order in which they came, once they are past.

They take as much memory as they hold, whatever they may hold.
"""

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import Link, Record
from simcoalesce.compiled.state import State


class QueuedInstant(Record):
    """An instant of a queue, and the next one."""

    instant: int
    after: Link["QueuedInstant"]


class InstantQueue(Record):
    """A queue; an empty one may be zeros."""

    first: Link[QueuedInstant]
    last: Link[QueuedInstant]
    count: int


@inner
def join(m: State, queue: InstantQueue, instant: int) -> None:
    """Add an instant at the end of a queue."""
    joins = QueuedInstant(m, allocate(m, m.free_links, QueuedInstant.width))
    joins.instant = instant
    if queue.count:
        last = queue.last
        last.after = joins
    else:
        queue.first = joins
    queue.last = joins
    queue.count += 1


@inner
def let_leave(m: State, queue: InstantQueue) -> int:
    """Remove what is past from the front of a queue; return how many stay."""
    while queue.count and queue.first.instant <= m.now:
        leaves = queue.first
        queue.first = leaves.after
        queue.count -= 1
        release(m, m.free_links, leaves.at)
    return queue.count
