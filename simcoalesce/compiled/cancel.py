"""Early ends: alarms that ring, and tasks that nobody waits for any more."""

from typing import Any

from simcoalesce.compiled import (
    durable_object,
    kv_read,
    mutex,
    object_queue,
    single_flight,
    timeout,
)
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layout import (
    BASE,
    DURABLE_OBJECT,
    IS_DEAD,
    KIND,
    KV_READ,
    LEVEL,
    SINGLE_FLIGHT,
    THEN,
    TIMEOUT,
    TO_NOBODY,
)
from simcoalesce.compiled.state import at, free_task


@inner
def ring(m: Any, alarm: int) -> None:
    """Let an alarm ring, unless it is off."""
    if not m[alarm + timeout.IS_OFF]:
        reason = m[alarm + timeout.REASON]
        if reason == timeout.RACE:
            timeout.lose(m, alarm)
        elif reason == timeout.HOLD:
            stop(m, m[alarm + timeout.CHILD])
            mutex.overrun(m, alarm)
        else:
            object_queue.tire(m, alarm)
    timeout.free_alarm(m, alarm)


@inner
def stop(m: Any, task: int) -> None:
    """End a task: nobody waits for its answer, and nothing more is done for it."""
    m[task + THEN] = TO_NOBODY
    is_forgotten = False
    level = m[task + LEVEL]
    while level >= m[task + BASE]:
        kind = m[at(level) + KIND]
        if kind == KV_READ:
            kv_read.close(m, task, level)
        elif kind == SINGLE_FLIGHT:
            single_flight.close(m, task, level)
        elif kind == TIMEOUT:
            timeout.close(m, task, level)
        elif kind == DURABLE_OBJECT:
            is_forgotten |= durable_object.close(m, task, level)
        level -= 1
    m[task + IS_DEAD] = 1
    if is_forgotten:
        free_task(m, task)
