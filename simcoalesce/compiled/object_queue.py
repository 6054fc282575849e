"""Queues before an object: for its thread, and for its mutex."""

from simcoalesce.compiled import layout, timeout
from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.state import (
    at,
    frame,
    instance_of,
    set_failure,
    suspend,
    wake_at,
    wake_now,
)

# Parameters of the object's level.
BLOCK_LIMIT, QUEUE_LIMIT, QUEUE_TIMEOUT = 18, 22, 23
IS_RPC, THROWS, RESETS = range(25, 28)

# An object, after its domain and location.
READY, ACTIVE, ACTIVE_SINCE, IDLE_SINCE, FREE_AT, IS_HELD = range(2, 8)
FIRST, LAST, WAITING, LEAVES_FIRST, LEAVES_LAST, LEAVING, ANSWERING = range(8, 15)
SHUT_UNTIL, BUSY_UNTIL = 15, 16

# An entry of the queue for the thread: the next one, and until when it waits.
_AFTER, _UNTIL = 0, 1
_LINK_WIDTH = 2

# The frame of the object's level, after the flight's two columns.
INSTANCE, IS_INSIDE, ITS_TIMER, TURN = range(2, 6)
NO_TURN, QUEUES, HAS_TURN, ANSWERS = range(4)


@inner
def queued(m: Numbers, instance: int) -> int:
    """Return how many requests wait for their turn in an object."""
    while m[instance + LEAVING]:
        link = m[instance + LEAVES_FIRST]
        if m[link + _UNTIL] > m[layout.NOW]:
            break
        m[instance + LEAVES_FIRST] = m[link + _AFTER]
        m[instance + LEAVING] -= 1
        release(m, layout.FREE_LINK, link)
    waiting = m[instance + WAITING] - m[instance + ANSWERING]
    return int(m[instance + LEAVING] + waiting)


@inner
def is_full(m: Numbers, instance: int, level: int) -> bool:
    """Say whether the queue is full."""
    limit = m[at(level) + QUEUE_LIMIT]
    return bool(limit >= 0 and queued(m, instance) >= limit)


@inner
def _note_queue(m: Numbers, instance: int) -> None:
    peak = layout.USAGE + layout.OBJECT_PEAK_QUEUE
    m[peak] = max(m[peak], queued(m, instance))


@inner
def queue_until(m: Numbers, instance: int, until: int) -> None:
    """Join the queue for the thread, until an instant."""
    link = allocate(m, layout.FREE_LINK, _LINK_WIDTH)
    m[link + _UNTIL], m[link + _AFTER] = until, layout.NOBODY
    if m[instance + LEAVING]:
        m[m[instance + LEAVES_LAST] + _AFTER] = link
    else:
        m[instance + LEAVES_FIRST] = link
    m[instance + LEAVES_LAST] = link
    m[instance + LEAVING] += 1
    _note_queue(m, instance)


@inner
def queue_up(m: Numbers, task: int, level: int, label: int, state: int) -> int:
    """Queue for the mutex; go on at a label with a turn, or a refusal.

    Args:
        m: The state.
        task: Who queues.
        level: The level of the object.
        label: Where it goes on.
        state: Why: to get in (QUEUES), or to let an answer out (ANSWERS).
    """
    mine = frame(task, level)
    instance = m[mine + INSTANCE]
    last = m[instance + LAST]
    m[task + layout.NEXT], m[task + layout.PREVIOUS] = layout.NOBODY, last
    if last == layout.NOBODY:
        m[instance + FIRST] = task
    else:
        m[last + layout.NEXT] = task
    m[instance + LAST] = task
    m[instance + WAITING] += 1
    m[instance + ANSWERING] += state == ANSWERS
    _note_queue(m, instance)
    m[mine + TURN], m[mine + ITS_TIMER] = state, layout.NOBODY
    limit = m[at(level) + QUEUE_TIMEOUT]
    if state == QUEUES and limit >= 0:
        m[mine + ITS_TIMER] = timeout.new_timer(m, task, level, timeout.TURN)
        timeout.set_timer(m, m[mine + ITS_TIMER], m[layout.NOW] + limit)
    suspend(m, task, level, label)
    return layout.WAIT


@inner
def drop_out(m: Numbers, task: int, level: int) -> None:
    """Take a task out of the queue for the mutex; its timer is off."""
    mine = frame(task, level)
    instance = m[mine + INSTANCE]
    before, after = m[task + layout.PREVIOUS], m[task + layout.NEXT]
    if before == layout.NOBODY:
        m[instance + FIRST] = after
    else:
        m[before + layout.NEXT] = after
    if after == layout.NOBODY:
        m[instance + LAST] = before
    else:
        m[after + layout.PREVIOUS] = before
    m[instance + WAITING] -= 1
    m[instance + ANSWERING] -= m[mine + TURN] == ANSWERS
    m[mine + TURN] = HAS_TURN
    if m[mine + ITS_TIMER] != layout.NOBODY:
        m[m[mine + ITS_TIMER] + timeout.IS_OFF] = 1


@inner
def hand_over(m: Numbers, instance: int) -> None:
    """Give the mutex to the next in the queue."""
    task = m[instance + FIRST]
    m[instance + IS_HELD] = task != layout.NOBODY
    if task != layout.NOBODY:
        level = m[task + layout.LEVEL]
        is_answer = m[frame(task, level) + TURN] == ANSWERS
        drop_out(m, task, level)
        if not is_answer:
            set_failure(m, task, 200, 0, m[at(level) + layout.CODE])
        wake_now(m, task, layout.START)


@inner
def comes_back(m: Numbers, task: int, level: int, entry: int) -> bool:
    """Let what a level inside an object brought back wait for the object's gate.

    Args:
        m: The state.
        task: Who awaits the level, which is done; its frame there is free.
        level: The level.
        entry: BACK if this is not its first event.

    Returns:
        Whether it waits.
    """
    own, mine = at(level), frame(task, level)
    left = m[mine] if entry == layout.BACK else m[own + layout.RETURNS]
    until = m[instance_of(m, task, m[own + layout.OBJECT_LEVEL]) + SHUT_UNTIL]
    if left == 0 or until <= m[layout.NOW]:
        return False
    m[mine] = left - 1
    wake_at(m, task, level, layout.BACK, until, layout.RETURN)
    return True


@inner
def on_timer(m: Numbers, timer: int) -> None:
    """End the wait of a task for the mutex: the object is overloaded."""
    task, level = m[timer + timeout.PARENT], m[timer + timeout.LEVEL]
    drop_out(m, task, level)
    set_failure(m, task, 503, 0, m[at(level) + layout.CODE])
    wake_now(m, task, layout.EXPIRE)
