"""Event queue: entries in the order of (instant, order, sequence).

Most waits are of a constant length, so most entries come in the order in which they
leave: each kind of wait has a FIFO, a list to whose end they are added. What would not
stand at the end of its FIFO goes into a heap. The next entry is the least of the heads.
"""

from typing import Final

from simcoalesce.compiled.allocator import allocate, free_task, release
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layer_kernels import beginnings
from simcoalesce.compiled.queue_records import Fifo, FifoEntry, QueueEntry
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import Level, State, Task
from simcoalesce.compiled.switch import Handlers

# Kinds of waits that belong to no level; those of each level come after them.
SIGNALS: Final = 0
TIMERS: Final = 1
LEVELS: Final = 2

HEAP: Final = -2
"""What is no FIFO, but has a head as all have."""

NO_INSTANT: Final = (1 << 63) - 1
"""That of an empty FIFO."""

_KINDS_BITS: Final = 5
KINDS_MASK: Final = (1 << _KINDS_BITS) - 1


events: Handlers[[State, int], Task] = Handlers("m which")
"""What is done when something is due: each returns the task that goes on, or none."""


@inner
def _begin(m: State, which: int) -> Task:
    own = Level(m, which)
    return beginnings(own.kind, m, own)


BEGIN: Final = events.add(_begin)
"""What a level begins by itself; it is the first, since Python writes its number."""


@inner
def go_on(m: State, which: int) -> Task:
    """Let a task go on, unless it is dead."""
    task = Task(m, which)
    if not task.is_dead:
        return task
    free_task(m, task)
    return Task(m, NOBODY)


WAKE: Final = events.add(go_on)
"""Wakes a task."""


@inner
def entry_of(number: int, which: int) -> int:
    """Return what is due as one number."""
    return which << _KINDS_BITS | number


@inner
def happen(m: State, what: int) -> Task:
    """Do what is due; return the task that goes on, or none."""
    return events(what & KINDS_MASK, m, what >> _KINDS_BITS)


@inner
def _fifo_of(m: State, wait: int) -> Fifo:
    """Return the FIFO of a kind of waits: each gets one when it is first used."""
    number = m[m.fifo_numbers + wait]
    if number == NOBODY:
        number = m.fifo_count
        m[m.fifo_numbers + wait] = number
        m.fifo_count += 1
    return Fifo(m, m.fifos + Fifo.width * number)


@inner
def push(m: State, wait: int, instant: int, order: int, what: int) -> None:
    """Put an entry at the end of the FIFO of its kind of waits, or into the heap."""
    own = _fifo_of(m, wait)
    if _is_before_last(own, instant, order):
        _push_heap(m, instant, order, what)
    else:
        entry = FifoEntry(m, allocate(m, m.free_entries, FifoEntry.width))
        _append(m, own, entry, instant, order)
        entry.what = what


@inner
def push_task(m: State, wait: int, instant: int, order: int, task: Task) -> None:
    """Let a task, which waits for nothing else, go on at an instant."""
    own, what = _fifo_of(m, wait), entry_of(WAKE, task.at)
    if _is_before_last(own, instant, order):
        _push_heap(m, instant, order, what)
    else:
        _append(m, own, task.entry, instant, order)
        task.entry.what = what


@inner
def _is_before_last(own: Fifo, instant: int, order: int) -> bool:
    last = own.last
    if not last:
        return False
    return last.instant > instant or (last.instant == instant and last.order > order)


@inner
def _append(m: State, own: Fifo, entry: FifoEntry, instant: int, order: int) -> None:
    entry.instant, entry.order, entry.turn = instant, order, m.sequence
    entry.behind = FifoEntry(m, NOBODY)
    m.sequence += 1
    last = own.last
    if last:
        last.behind = entry
    else:
        own.first, own.head_at = entry, instant
    own.last = entry


@inner
def is_alone(m: State) -> bool:
    """Say whether nothing is due at this instant but what runs now."""
    if m.runs or m.again != NOBODY:
        return False
    if m.heaped and QueueEntry(m, m.heap).instant <= m.now:
        return False
    for fifo in range(m.fifo_count):
        if Fifo(m, m.fifos + Fifo.width * fifo).head_at <= m.now:
            return False
    return True


@inner
def next_fifo(m: State) -> int:
    """Return the FIFO whose head is next, HEAP, or NOBODY if nothing is queued."""
    found, least = NOBODY, NO_INSTANT
    if m.heaped:
        found, least = HEAP, QueueEntry(m, m.heap).instant
    for fifo in range(m.fifo_count):
        own = Fifo(m, m.fifos + Fifo.width * fifo)
        instant = own.head_at
        if instant < least or (
            instant == least
            and found != NOBODY
            and _is_before(QueueEntry(m, own.first.at), _head(m, found))
        ):
            found, least = fifo, instant
    return found


@inner
def _head(m: State, fifo: int) -> QueueEntry:
    """Return the head of a FIFO, or of the heap."""
    if fifo == HEAP:
        return QueueEntry(m, m.heap)
    return Fifo(m, m.fifos + Fifo.width * fifo).first


@inner
def head_of(m: State, fifo: int) -> tuple[int, int]:
    """Return the instant and the order of the head of a FIFO, of none the last ones."""
    if fifo == NOBODY:
        return NO_INSTANT, 0
    head = _head(m, fifo)
    return head.instant, head.order


@inner
def is_due(m: State, fifo: int, instant: int, order: int) -> bool:
    """Whether the head of a FIFO comes before an arrival."""
    if fifo == NOBODY:
        return False
    head = _head(m, fifo)
    return head.instant < instant or (head.instant == instant and head.order < order)


@inner
def pop(m: State, fifo: int) -> int:
    """Take the head of a FIFO, move the clock, return what is due."""
    if fifo == HEAP:
        return _pop_heap(m)
    own = Fifo(m, m.fifos + Fifo.width * fifo)
    entry = own.first
    behind = entry.behind
    own.first = behind
    m.now = own.head_at
    if behind:
        own.head_at = behind.instant
    else:
        own.last, own.head_at = behind, NO_INSTANT
    what = entry.what
    if what & KINDS_MASK != WAKE:  # the entry of a task is in the task
        release(m, m.free_entries, entry.at)
    return what


@inner
def _is_before(one: QueueEntry, other: QueueEntry) -> bool:
    if one.instant != other.instant:
        return one.instant < other.instant
    if one.order != other.order:
        return one.order < other.order
    return one.turn < other.turn


@inner
def _slot(m: State, index: int) -> QueueEntry:
    """Return an entry of the heap."""
    return QueueEntry(m, m.heap + index * QueueEntry.width)


@inner
def _copy(source: QueueEntry, target: QueueEntry) -> None:
    target.instant, target.order = source.instant, source.order
    target.turn, target.what = source.turn, source.what


@inner
def _push_heap(m: State, instant: int, order: int, what: int) -> None:
    hole = m.heaped
    m.heaped = hole + 1
    while hole > 0:
        above = (hole - 1) >> 1
        up = _slot(m, above)
        if up.instant < instant or (up.instant == instant and up.order <= order):
            break
        _copy(up, _slot(m, hole))
        hole = above
    down = _slot(m, hole)
    down.instant, down.order = instant, order
    down.turn, down.what = m.sequence, what
    m.sequence += 1


@inner
def _pop_heap(m: State) -> int:
    first = _slot(m, 0)
    m.now = first.instant
    what = first.what
    m.heaped -= 1
    last = _slot(m, m.heaped)
    hole = 0
    while 2 * hole + 1 < m.heaped:
        below = 2 * hole + 1
        if below + 1 < m.heaped and _is_before(_slot(m, below + 1), _slot(m, below)):
            below += 1
        if not _is_before(_slot(m, below), last):
            break
        _copy(_slot(m, below), _slot(m, hole))
        hole = below
    _copy(last, _slot(m, hole))
    return what
