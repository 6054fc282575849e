"""Records of the event queue, as `event_queue` has it."""

from simcoalesce.compiled.record import Link, Record


class QueueEntry(Record):
    """Something that is due."""

    instant: int
    order: int
    turn: int
    what: int
    """The number of its handler in `events`, and what it is handed above that."""


class FifoEntry(QueueEntry):
    """An entry of a FIFO."""

    behind: Link["FifoEntry"]


class Fifo(Record):
    """A FIFO: its ends, and the instant of its head."""

    first: Link[FifoEntry]
    last: Link[FifoEntry]
    head_at: int
