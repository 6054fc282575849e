"""Deadlines: who waits for an answer no longer than that; one at it is in time.

A level that yields has a frame of `DeadlineFrame`. It runs first what `ask_behind`
returns, sets `mine.timer`, waits, and then reads whether it `is_late`.
"""

from typing import Final

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.state import Frame, Level, State, Task
from simcoalesce.compiled.tasks import (
    TO_NOBODY,
    frame,
    handovers,
    level_of,
    new_task_for,
    wake_now,
)
from simcoalesce.compiled.timers import Timer, firings, new_timer
from simcoalesce.model import clock


class DeadlineFrame(Frame):
    """What such a level keeps of a task."""

    timer: Link[Timer]
    is_late: bool
    behind: Link[Task]
    """Who fetches; none if that one has ended."""


@inner
def ask_behind(m: State, task: Task, own: Level, mine: DeadlineFrame) -> Task:
    """Return a new task that asks the levels behind for a task."""
    timer = new_timer(m, task, own, _LATE)
    behind = new_task_for(m, task, own.number + 1, _WIN, timer.at)
    timer.behind = behind
    mine.timer, mine.is_late, mine.behind = timer, False, behind
    return behind


@inner
def _win(m: State, task: Task) -> None:
    """Give the answer of the task behind to the one that waits; it is in time."""
    timer = Timer(m, task.to)
    timer.is_off = True
    waits = timer.setter
    DeadlineFrame(m, frame(waits, timer.level).at).behind = Task(m, NOBODY)
    waits.answer = task.answer
    wake_now(m, waits, clock.ANSWER)


@inner
def _be_late(m: State, timer: Timer) -> None:
    """Tell the one that waits that it is too late."""
    waits, behind = timer.setter, timer.behind
    its = DeadlineFrame(m, frame(waits, timer.level).at)
    its.is_late = True
    behind.ends = TO_NOBODY if waits.is_dead else _FORGET
    behind.to = waits.at
    wake_now(m, waits, clock.EXPIRE)


@inner
def _forget(m: State, task: Task) -> None:
    """End a task behind at the very instant at which it is too late."""
    own = level_of(m, task.base - 1)
    its = DeadlineFrame(m, frame(Task(m, task.to), own).at)
    its.behind = Task(m, NOBODY)


_WIN: Final = handovers.add(_win)
_FORGET: Final = handovers.add(_forget)
_LATE: Final = firings.add(_be_late)
