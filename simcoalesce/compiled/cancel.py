"""Cancellation of tasks that nobody waits for any more."""

from simcoalesce.compiled.allocator import free_task
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layer_kernels import closings
from simcoalesce.compiled.state import State, Task
from simcoalesce.compiled.tasks import (
    TO_NOBODY,
    bypasses,
    frame,
    level_of,
)


@inner
def stop(m: State, task: Task) -> None:
    """End a task: nobody waits for its answer, and nothing more is done for it."""
    task.ends = TO_NOBODY
    is_forgotten = False
    number = task.level
    while number >= task.base:
        own = level_of(m, number)
        if not bypasses(task, own):
            is_forgotten |= closings(own.kind, m, task, own, frame(task, own))
        number -= 1
    task.is_dead = True
    if is_forgotten:
        free_task(m, task)
