"""Queues before an object: for its thread, for its mutex, and for its gate."""

from typing import Final

from simcoalesce.compiled.instances import ObjectRecord, object_around
from simcoalesce.compiled.instant_queue import join, let_leave
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.objects import (
    ANSWERS,
    HAS_TURN,
    QUEUES,
    DurableObjectLevel,
    ObjectFrame,
)
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import BACK, Frame, Level, State, Task
from simcoalesce.compiled.task_queue import drop_out, stand_in
from simcoalesce.compiled.tasks import (
    frame,
    level_of,
    set_failure,
    suspend,
    wake_at,
    wake_now,
)
from simcoalesce.compiled.timers import Timer, firings, new_timer, set_timer
from simcoalesce.model import clock


@inner
def queued(m: State, instance: ObjectRecord) -> int:
    """Return how many requests wait for their turn in an object."""
    waiting = instance.waiting.count - instance.answering
    return let_leave(m, instance.leaving) + waiting


@inner
def is_full(m: State, instance: ObjectRecord, own: DurableObjectLevel) -> bool:
    """Say whether the queue is full."""
    return own.queue_limit >= 0 and queued(m, instance) >= own.queue_limit


@inner
def _note_queue(m: State, instance: ObjectRecord) -> None:
    m.usage.object_peak_queue = max(m.usage.object_peak_queue, queued(m, instance))


@inner
def queue_until(m: State, instance: ObjectRecord, until: int) -> None:
    """Join the queue for the thread, until an instant."""
    join(m, instance.leaving, until)
    _note_queue(m, instance)


@inner
def queue_up(
    m: State,
    task: Task,
    own: DurableObjectLevel,
    mine: ObjectFrame,
    label: int,
    turn: int,
) -> int:
    """Queue for the mutex; go on at a label with a turn, or a refusal.

    Args:
        m: The state.
        task: Who queues.
        own: The level of the object.
        mine: What it keeps of the task.
        label: Where it goes on.
        turn: Why: to get in (QUEUES), or to let an answer out (ANSWERS).
    """
    instance = mine.instance
    stand_in(m, instance.waiting, task)
    instance.answering += turn == ANSWERS
    _note_queue(m, instance)
    mine.turn, mine.timer = turn, Timer(m, NOBODY)
    if turn == QUEUES and own.queue_timeout_ns >= 0:
        mine.timer = new_timer(m, task, own, _OVERLOADED)
        set_timer(m, mine.timer, m.now + own.queue_timeout_ns)
    return suspend(task, own, label)


@inner
def leave_queue(task: Task, mine: ObjectFrame) -> None:
    """Take a task out of the queue for the mutex; its timer is off."""
    instance = mine.instance
    drop_out(instance.waiting, task)
    instance.answering -= mine.turn == ANSWERS
    mine.turn = HAS_TURN
    if mine.timer:
        mine.timer.is_off = True


@inner
def hand_over(m: State, instance: ObjectRecord) -> None:
    """Give the mutex to the next in the queue."""
    instance.is_held = instance.waiting.count > 0
    if instance.is_held:
        task = instance.waiting.first
        own = level_of(m, task.level)
        its = ObjectFrame(m, frame(task, own).at)
        is_answer = its.turn == ANSWERS
        leave_queue(task, its)
        if not is_answer:
            set_failure(m, task, 200, 0, own.served_by)
        wake_now(m, task, clock.START)


@inner
def comes_back(m: State, task: Task, own: Level, mine: Frame, entry: int) -> bool:
    """Let what a level inside an object brought back wait for the object's gate.

    Args:
        m: The state.
        task: Who awaits the level, which is done.
        own: The level.
        mine: What it keeps of the task.
        entry: BACK if this is not its first event.

    Returns:
        Whether it waits.
    """
    left = mine.returns_left if entry == BACK else own.returns
    until = object_around(m, task, own).shut_until
    if left == 0 or until <= m.now:
        return False
    mine.returns_left = left - 1
    wake_at(m, task, own, BACK, until, clock.RETURN)
    return True


@inner
def _be_overloaded(m: State, timer: Timer) -> None:
    """End the wait of a task for the mutex: the object is overloaded."""
    task, own = timer.setter, timer.level
    leave_queue(task, ObjectFrame(m, frame(task, own).at))
    set_failure(m, task, 503, 0, own.served_by)
    wake_now(m, task, clock.EXPIRE)


_OVERLOADED: Final = firings.add(_be_overloaded)
