"""The mutex of an object under blockConcurrencyWhile, as `model.gate` has it."""

from typing import Final

from simcoalesce.compiled.cancel import stop
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.object_queue import hand_over, leave_queue
from simcoalesce.compiled.objects import (
    NO_TURN,
    DurableObjectLevel,
    ObjectFrame,
    new_domain,
    set_out,
)
from simcoalesce.compiled.state import State, Task
from simcoalesce.compiled.tasks import (
    frame,
    handovers,
    level_of,
    new_task_for,
    set_failure,
    spawn,
    wake_now,
)
from simcoalesce.compiled.timers import Timer, firings, free_timer, new_timer
from simcoalesce.model import clock


@inner
def hold(
    m: State,
    task: Task,
    own: DurableObjectLevel,
    mine: ObjectFrame,
    labels: tuple[int, int],
) -> int:
    """Take the mutex, and do the work in a task that outlives the caller.

    Args:
        m: The state.
        task: The caller.
        own: The level of the object.
        mine: What it keeps of the caller.
        labels: Where the caller goes on, and where the work begins.
    """
    instance = mine.instance
    instance.is_held = True
    timer = new_timer(m, task, own, _HELD_TOO_LONG)
    work = new_task_for(m, task, own.number, HELD, timer.at)
    mine.timer, timer.behind = timer, work
    work.label = labels[1]
    set_out(ObjectFrame(m, frame(work, own).at), instance)
    return spawn(m, task, own, labels[0], work)


@inner
def _end_hold(m: State, task: Task) -> None:
    """End the work under the mutex: the next one's turn, and the answer for this."""
    timer = Timer(m, task.to)
    timer.is_off = True
    own = DurableObjectLevel(m, level_of(m, task.base).at)
    if task.answer.status >= 400 and own.resets:
        _reset(m, timer)
    else:
        its = ObjectFrame(m, frame(task, own).at)
        hand_over(m, its.instance)
        caller = timer.setter
        caller.answer = task.answer
        wake_now(m, caller, clock.ANSWER)
    if own.block_limit_ns < 0:
        free_timer(m, timer)


@inner
def _hold_too_long(m: State, timer: Timer) -> None:
    """Stop the work of one who has held the mutex too long, and reset the object."""
    stop(m, timer.behind)
    _reset(m, timer)


@inner
def _reset(m: State, timer: Timer) -> None:
    """Begin a new life of the object, and fail its caller and all who wait."""
    caller, own = timer.setter, timer.level
    instance = ObjectFrame(m, frame(caller, own).at).instance
    new_domain(m, instance)
    instance.is_held = False
    while instance.waiting.count:
        task = instance.waiting.first
        its = ObjectFrame(m, frame(task, own).at)
        leave_queue(task, its)
        its.turn = NO_TURN
        _fail(m, task, own.served_by)
    _fail(m, caller, own.served_by)


@inner
def _fail(m: State, task: Task, served_by: int) -> None:
    set_failure(m, task, 500, 0, served_by)
    wake_now(m, task, clock.ANSWER)


HELD: Final = handovers.add(_end_hold)
_HELD_TOO_LONG: Final = firings.add(_hold_too_long)
