"""Event queue: entries in the order of (instant, order, sequence).

Most waits are of a constant length, so most entries come in the order in which they
leave: each kind of wait has a FIFO, a list to whose end they are added. What would not
stand at the end of its FIFO goes into a heap. The next entry is the least of the heads.
"""

from simcoalesce.compiled import layout
from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.kernel import Numbers, inner

# An entry; in a FIFO, then the one behind it.
INSTANT, ORDER, TURN, PAYLOAD, BEHIND = range(5)
HEAP_WIDTH = 4
_ENTRY_WIDTH = 5

# A FIFO: its ends, and the instant of its head.
_FIRST, _LAST, _HEAD_AT = range(3)
FIFO_WIDTH = 3
NO_INSTANT = (1 << 63) - 1
"""That of an empty FIFO."""


@inner
def push(m: Numbers, fifo: int, instant: int, order: int, payload: int) -> None:
    """Put an entry at the end of its FIFO, or into the heap."""
    own = m[layout.FIFOS] + FIFO_WIDTH * fifo
    last = m[own + _LAST]
    if last != layout.NOBODY and (
        m[last + INSTANT] > instant
        or (m[last + INSTANT] == instant and m[last + ORDER] > order)
    ):
        _push_heap(m, instant, order, payload)
        return
    entry = allocate(m, layout.FREE_ENTRY, _ENTRY_WIDTH)
    m[entry + INSTANT], m[entry + ORDER] = instant, order
    m[entry + TURN], m[entry + PAYLOAD] = m[layout.SEQUENCE], payload
    m[entry + BEHIND] = layout.NOBODY
    m[layout.SEQUENCE] += 1
    if last == layout.NOBODY:
        m[own + _FIRST], m[own + _HEAD_AT] = entry, instant
    else:
        m[last + BEHIND] = entry
    m[own + _LAST] = entry


@inner
def next_fifo(m: Numbers) -> int:
    """Return the FIFO whose head is next, HEAP, or NOBODY if nothing is queued."""
    found, least = layout.NOBODY, NO_INSTANT
    if m[layout.QUEUED]:
        found, least = layout.HEAP, m[m[layout.QUEUE] + INSTANT]
    own = m[layout.FIFOS]
    for fifo in range(m[layout.FIFO_COUNT]):
        instant = m[own + _HEAD_AT]
        if instant < least or (
            instant == least
            and found != layout.NOBODY
            and _is_before(m, m[own + _FIRST], _head(m, found))
        ):
            found, least = fifo, instant
        own += FIFO_WIDTH
    return found


@inner
def _head(m: Numbers, fifo: int) -> int:
    """Return the head of a FIFO, or of the heap."""
    return int(
        m[layout.QUEUE]
        if fifo == layout.HEAP
        else m[m[layout.FIFOS] + FIFO_WIDTH * fifo]
    )


@inner
def is_due(m: Numbers, fifo: int, instant: int, order: int) -> bool:
    """Whether the head of a FIFO comes before an arrival."""
    if fifo == layout.NOBODY:
        return False
    head = _head(m, fifo)
    at = m[head + INSTANT]
    return bool(at < instant or (at == instant and m[head + ORDER] < order))


@inner
def pop(m: Numbers, fifo: int) -> int:
    """Take the head of a FIFO, move the clock, return the payload."""
    if fifo == layout.HEAP:
        return _pop_heap(m)
    own = m[layout.FIFOS] + FIFO_WIDTH * fifo
    entry = m[own + _FIRST]
    behind = m[entry + BEHIND]
    m[own + _FIRST] = behind
    m[layout.NOW] = m[own + _HEAD_AT]
    if behind == layout.NOBODY:
        m[own + _LAST], m[own + _HEAD_AT] = layout.NOBODY, NO_INSTANT
    else:
        m[own + _HEAD_AT] = m[behind + INSTANT]
    payload = m[entry + PAYLOAD]
    release(m, layout.FREE_ENTRY, entry)
    return int(payload)


@inner
def _is_before(m: Numbers, one: int, other: int) -> bool:
    if m[one + INSTANT] != m[other + INSTANT]:
        return bool(m[one + INSTANT] < m[other + INSTANT])
    if m[one + ORDER] != m[other + ORDER]:
        return bool(m[one + ORDER] < m[other + ORDER])
    return bool(m[one + TURN] < m[other + TURN])


@inner
def _copy(m: Numbers, source: int, target: int) -> None:
    for column in range(HEAP_WIDTH):
        m[target + column] = m[source + column]


@inner
def _push_heap(m: Numbers, instant: int, order: int, payload: int) -> None:
    first = m[layout.QUEUE]
    hole = m[layout.QUEUED]
    m[layout.QUEUED] = hole + 1
    while hole > 0:
        parent = (hole - 1) >> 1
        up = first + parent * HEAP_WIDTH
        if m[up] < instant or (m[up] == instant and m[up + ORDER] <= order):
            break
        _copy(m, up, first + hole * HEAP_WIDTH)
        hole = parent
    down = first + hole * HEAP_WIDTH
    m[down + INSTANT], m[down + ORDER] = instant, order
    m[down + TURN], m[down + PAYLOAD] = m[layout.SEQUENCE], payload
    m[layout.SEQUENCE] += 1


@inner
def _pop_heap(m: Numbers) -> int:
    first = m[layout.QUEUE]
    m[layout.NOW] = m[first + INSTANT]
    payload = m[first + PAYLOAD]
    m[layout.QUEUED] -= 1
    count = m[layout.QUEUED]
    last = first + count * HEAP_WIDTH
    hole = 0
    while 2 * hole + 1 < count:
        child = 2 * hole + 1
        child_at = first + child * HEAP_WIDTH
        if child + 1 < count and _is_before(m, child_at + HEAP_WIDTH, child_at):
            child += 1
            child_at += HEAP_WIDTH
        if not _is_before(m, child_at, last):
            break
        _copy(m, child_at, first + hole * HEAP_WIDTH)
        hole = child
    _copy(m, last, first + hole * HEAP_WIDTH)
    return int(payload)
