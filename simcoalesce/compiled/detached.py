"""Tasks that go on when their client leaves, as `model.client` has them."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import Level, State, Task
from simcoalesce.compiled.tasks import new_task_for


@inner
def inside(m: State, task: Task, own: Level, ends: int, to: int) -> Task:
    """Return a task for the same request that begins inside this very level."""
    m.usage.worker_runs -= own.is_worker
    return new_task_for(m, task, own.number, ends, to)


@inner
def is_inside(task: Task, own: Level, ends: int) -> bool:
    """Return whether a task has begun inside a level, given how it ends."""
    return task.base == own.number and task.ends == ends
