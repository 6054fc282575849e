"""Allocator: blocks of memory for records that come and go, with free lists."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import FreeList, State, Task


@inner
def allocate(m: State, free: FreeList, width: int) -> int:
    """Return the address of a block that was freed, or of a new one.

    Args:
        m: The state.
        free: Those of this size that were freed.
        width: The size.
    """
    block = free.first
    if block:
        free.first = m[block]
        return block
    block = m.top
    m.top = block + width
    return block


@inner
def release(m: State, free: FreeList, block: int) -> None:
    """Free a block."""
    m[block] = free.first
    free.first = block


@inner
def free_task(m: State, task: Task) -> None:
    """Give a task back."""
    m.live -= 1
    release(m, m.free_tasks, task.at)
