"""Storage of what a fetch has brought into an object, as `model.gate` has it."""

from simcoalesce.compiled.instances import ObjectRecord, instance_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.objects import (
    DurableObjectLevel,
    ObjectFrame,
    set_out,
)
from simcoalesce.compiled.state import Level, State, Task
from simcoalesce.compiled.tasks import draw, frame, wake_at
from simcoalesce.model import clock


@inner
def fetches_here(m: State, task: Task, own: DurableObjectLevel, label: int) -> None:
    """Let the task of a flight begin in the object, to which its answer returns."""
    task.base = task.level = own.number
    task.label = label
    its = ObjectFrame(m, frame(task, own).at)
    set_out(its, instance_of(m, task, own))


@inner
def store(m: State, task: Task, own: DurableObjectLevel, label: int) -> bool:
    """Await the storage of what a fetch has brought; meanwhile others queue.

    Args:
        m: The state.
        task: Who has fetched.
        own: The level of the object.
        label: Where it goes on.

    Returns:
        Whether it waits.
    """
    if task.answer.status >= 400 or not task.answer.cacheable:
        return False
    takes = draw(m, own.storage_after, task)
    if not takes:
        return False
    await_storage(m, task, own, instance_of(m, task, own), takes, label)
    return True


@inner
def await_storage(
    m: State, task: Task, own: Level, instance: ObjectRecord, takes: int, label: int
) -> int:
    """Await the storage of an object, so long; meanwhile others queue."""
    ends = max(m.now, instance.free_at) + takes
    instance.free_at = instance.shut_until = ends
    return wake_at(m, task, own, label, ends, clock.ANSWER)
