"""The mutex of an object under blockConcurrencyWhile, as `model.gate` has it."""

from simcoalesce.compiled import flights, layout, timeout
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.object_queue import (
    BLOCK_LIMIT,
    FIRST,
    INSTANCE,
    IS_HELD,
    IS_INSIDE,
    ITS_TIMER,
    NO_TURN,
    RESETS,
    TURN,
    drop_out,
    hand_over,
)
from simcoalesce.compiled.objects import new_domain
from simcoalesce.compiled.state import (
    at,
    copy_answer,
    frame,
    new_task,
    set_failure,
    spawn,
    wake_now,
)


@inner
def hold(m: Numbers, task: int, level: int, labels: tuple[int, int]) -> int:
    """Take the mutex, and do the work in a task that outlives the caller.

    Args:
        m: The state.
        task: The caller.
        level: The level of the object.
        labels: Where the caller goes on, and where the work begins.
    """
    mine = frame(task, level)
    instance = m[mine + INSTANCE]
    m[instance + IS_HELD] = 1
    timer = timeout.new_timer(m, task, level, timeout.HOLD)
    work = new_task(m, task, level, layout.TO_HOLD, timer)
    m[mine + ITS_TIMER] = timer
    m[timer + timeout.CHILD] = work
    m[work + layout.LABEL] = labels[1]
    its = frame(work, level)
    m[its + flights.LEADS] = 0
    m[its + INSTANCE] = instance
    m[its + IS_INSIDE] = 0
    m[its + TURN] = NO_TURN
    spawn(m, task, level, labels[0], work)
    return layout.SPAWN


@inner
def end_hold(m: Numbers, work: int, timer: int) -> None:
    """End the work under the mutex: the next one's turn, and the answer for this."""
    m[timer + timeout.IS_OFF] = 1
    level = m[work + layout.BASE]
    if m[work + layout.STATUS] >= 400 and m[at(level) + RESETS]:
        _reset(m, timer)
    else:
        hand_over(m, m[frame(work, level) + INSTANCE])
        parent = m[timer + timeout.PARENT]
        copy_answer(m, work + layout.STATUS, parent + layout.STATUS)
        wake_now(m, parent, layout.ANSWER)
    if m[at(level) + BLOCK_LIMIT] < 0:
        timeout.free_timer(m, timer)


@inner
def on_timer(m: Numbers, timer: int) -> None:
    """Reset an object whose mutex was held too long; its work has been stopped."""
    _reset(m, timer)


@inner
def _reset(m: Numbers, timer: int) -> None:
    """Begin a new life of the object, and fail its caller and all who wait."""
    parent, level = m[timer + timeout.PARENT], m[timer + timeout.LEVEL]
    code = m[at(level) + layout.CODE]
    instance = m[frame(parent, level) + INSTANCE]
    new_domain(m, instance)
    m[instance + IS_HELD] = 0
    while m[instance + FIRST] != layout.NOBODY:
        task = m[instance + FIRST]
        drop_out(m, task, level)
        m[frame(task, level) + TURN] = NO_TURN
        set_failure(m, task, 500, 0, code)
        wake_now(m, task, layout.ANSWER)
    set_failure(m, parent, 500, 0, code)
    wake_now(m, parent, layout.ANSWER)
