"""Tasks that go on when their client leaves, as `model.client` has them.

They begin inside the level of their client: the same kernel goes through both.
"""

from typing import Final

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.state import Frame, Level, State, Task
from simcoalesce.compiled.switch import GO_ON
from simcoalesce.compiled.tasks import (
    TO_NOBODY,
    frame,
    handovers,
    level_of,
    new_task_for,
    run_first,
    wake_now,
)
from simcoalesce.model import clock


class DetachedFrame(Frame):
    """What a level keeps of a client, and of a task that goes on without it."""

    begins: Link[Task]
    """A task that is to be run, or none."""
    behind: Link[Task]
    """Who fetches for this client; none if that one has ended."""
    has_left: bool
    """Whether the client of this task has."""


@inner
def inside(m: State, task: Task, own: Level, ends: int, to: int) -> Task:
    """Return a task for the same request that begins inside this very level."""
    m.usage.worker_runs -= own.is_worker
    return new_task_for(m, task, own.number, ends, to)


@inner
def is_inside(task: Task, own: Level, ends: int) -> bool:
    """Return whether a task has begun inside a level, given how it ends."""
    return task.base == own.number and task.ends == ends


@inner
def come(m: State, mine: DetachedFrame) -> None:
    """Let a task come to a level."""
    mine.begins = mine.behind = Task(m, NOBODY)
    mine.has_left = False


@inner
def start(m: State, task: Task, own: Level, mine: DetachedFrame) -> int:
    """Run a task that is to be run, if there is one."""
    begins = mine.begins
    if not begins:
        return GO_ON
    mine.begins = Task(m, NOBODY)
    return run_first(m, task, own, begins)


@inner
def detach(m: State, task: Task, own: Level, mine: DetachedFrame) -> int:
    """Run a task that fetches for this one, which waits for it then."""
    mine.behind = inside(m, task, own, FOR_CLIENT, task.at)
    return run_first(m, task, own, mine.behind)


@inner
def leave(m: State, own: Level, mine: DetachedFrame) -> bool:
    """Let the task behind go on for nobody; say whether there was one."""
    behind = mine.behind
    if not behind:
        return False
    behind.ends = TO_NOBODY
    its = DetachedFrame(m, frame(behind, own).at)
    its.has_left = True
    return True


@inner
def _answer(m: State, task: Task) -> None:
    """Give an answer to the client that waits for it."""
    client = Task(m, task.to)
    its = DetachedFrame(m, frame(client, level_of(m, task.base)).at)
    its.behind = Task(m, NOBODY)
    client.answer = task.answer
    wake_now(m, client, clock.ANSWER)


FOR_CLIENT: Final = handovers.add(_answer)
