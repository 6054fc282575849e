"""Cancellation: timers that fire, and tasks that nobody waits for any more."""

from simcoalesce.compiled import (
    durable_object,
    kv_read,
    layout,
    mutex,
    object_queue,
    single_flight,
    timeout,
)
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.state import at, bypasses, free_task


@inner
def on_timer(m: Numbers, timer: int) -> None:
    """Do what a timer is for, unless it is off."""
    if not m[timer + timeout.IS_OFF]:
        reason = m[timer + timeout.REASON]
        if reason == timeout.RACE:
            timeout.on_timer(m, timer)
        elif reason == timeout.HOLD:
            stop(m, m[timer + timeout.CHILD])
            mutex.on_timer(m, timer)
        else:
            object_queue.on_timer(m, timer)
    timeout.free_timer(m, timer)


@inner
def stop(m: Numbers, task: int) -> None:
    """End a task: nobody waits for its answer, and nothing more is done for it."""
    m[task + layout.THEN] = layout.TO_NOBODY
    is_forgotten = False
    level = m[task + layout.LEVEL]
    while level >= m[task + layout.BASE]:
        kind = layout.NOBODY if bypasses(m, task, level) else m[at(level) + layout.KIND]
        if kind == layout.KV_READ:
            kv_read.close(m, task, level)
        elif kind == layout.SINGLE_FLIGHT:
            single_flight.close(m, task, level)
        elif kind == layout.TIMEOUT:
            timeout.close(m, task, level)
        elif kind == layout.DURABLE_OBJECT:
            is_forgotten |= durable_object.close(m, task, level)
        level -= 1
    m[task + layout.IS_DEAD] = 1
    if is_forgotten:
        free_task(m, task)
