"""Storage of what a fetch has brought into an object, as `model.gate` has it."""

from simcoalesce.compiled import flights, layout
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.object_queue import (
    FREE_AT,
    INSTANCE,
    IS_INSIDE,
    NO_TURN,
    SHUT_UNTIL,
    TURN,
)
from simcoalesce.compiled.state import at, draw, frame, instance_of, wake_at

# Parameter of the object's level.
STORAGE_AFTER = 28


@inner
def fetches_here(m: Numbers, task: int, level: int, label: int) -> None:
    """Let the task of a flight begin in the object, to which its answer returns."""
    m[task + layout.BASE] = m[task + layout.LEVEL] = level
    m[task + layout.LABEL] = label
    its = frame(task, level)
    m[its + flights.LEADS] = 0
    m[its + INSTANCE] = instance_of(m, task, level)
    m[its + IS_INSIDE] = 0
    m[its + TURN] = NO_TURN


@inner
def store(m: Numbers, task: int, level: int, label: int) -> bool:
    """Await the storage of what a fetch has brought; meanwhile others queue.

    Args:
        m: The state.
        task: Who has fetched.
        level: The level of the object.
        label: Where it goes on.

    Returns:
        Whether it waits.
    """
    if m[task + layout.STATUS] >= 400 or not m[task + layout.CACHEABLE]:
        return False
    sampler = m[at(level) + STORAGE_AFTER]
    takes = draw(m, sampler, m[task + layout.ID], m[task + layout.ATTEMPT])
    if not takes:
        return False
    instance = instance_of(m, task, level)
    ends = max(m[layout.NOW], m[instance + FREE_AT]) + takes
    m[instance + FREE_AT] = m[instance + SHUT_UNTIL] = ends
    wake_at(m, task, level, label, ends, layout.ANSWER)
    return True
