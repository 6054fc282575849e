"""timeout, as `model.layers.timeout` has it."""

from typing import Final

from simcoalesce.compiled.cancel import stop
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.state import (
    DOWN,
    GO_UP,
    LABELS,
    Frame,
    Level,
    State,
    Task,
)
from simcoalesce.compiled.tasks import (
    TO_NOBODY,
    frame,
    handovers,
    level_of,
    new_task_for,
    set_failure,
    spawn,
    suspend,
    wake_now,
)
from simcoalesce.compiled.timers import Timer, firings, new_timer, set_timer
from simcoalesce.model import clock
from simcoalesce.model.layers.timeout import RequestTimeout

_BEGAN, _DECIDED = LABELS, LABELS + 1


class TimeoutLevel(Level):
    """What the layer is told."""

    after_ns: int
    cancels: bool


class TimeoutFrame(Frame):
    """What it keeps of a task."""

    timer: Link[Timer]
    is_late: bool
    behind: Link[Task]
    """Who fetches; none if that one has ended."""


@inner
def step(
    m: State, task: Task, own: TimeoutLevel, mine: TimeoutFrame, entry: int
) -> int:
    """Wait so long and no longer."""
    if entry == DOWN:
        timer = new_timer(m, task, own, _LATE)
        behind = new_task_for(m, task, own.number + 1, _WIN, timer.at)
        timer.behind = behind
        mine.timer, mine.is_late, mine.behind = timer, False, behind
        return spawn(m, task, own, _BEGAN, behind)
    if entry == _BEGAN:
        set_timer(m, mine.timer, m.now + own.after_ns)
        return suspend(task, own, _DECIDED)
    if mine.is_late:
        if mine.behind:
            _leave_behind(m, own, mine.behind)
        set_failure(m, task, 504, 0, own.served_by)
    return GO_UP


@inner
def _leave_behind(m: State, own: TimeoutLevel, behind: Task) -> None:
    behind.ends = TO_NOBODY
    if own.cancels:
        stop(m, behind)


@inner
def close(mine: TimeoutFrame) -> bool:
    """Let the task behind go on for nobody, if its caller ends while it is too late."""
    if mine.is_late and mine.behind:
        behind = mine.behind
        behind.ends = TO_NOBODY
    return False


@inner
def _win(m: State, task: Task) -> None:
    """Give the answer of the task behind to the one that waits; it is in time."""
    timer = Timer(m, task.to)
    timer.is_off = True
    waits = timer.setter
    waits.answer = task.answer
    wake_now(m, waits, clock.ANSWER)


@inner
def _be_late(m: State, timer: Timer) -> None:
    """Tell the one that waits that it is too late."""
    waits, behind = timer.setter, timer.behind
    its = TimeoutFrame(m, frame(waits, timer.level).at)
    its.is_late = True
    behind.ends = TO_NOBODY if waits.is_dead else _FORGET
    behind.to = waits.at
    wake_now(m, waits, clock.EXPIRE)


@inner
def _forget(m: State, task: Task) -> None:
    """End a task behind at the very instant at which it is too late."""
    own = level_of(m, task.base - 1)
    its = TimeoutFrame(m, frame(Task(m, task.to), own).at)
    its.behind = Task(m, NOBODY)


def fill(own: TimeoutLevel, layer: RequestTimeout, parameters: Parameters) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)


_WIN: Final = handovers.add(_win)
_FORGET: Final = handovers.add(_forget)
_LATE: Final = firings.add(_be_late)
