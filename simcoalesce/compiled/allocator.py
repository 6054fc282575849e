"""Allocator: blocks of memory for records that come and go, with free lists."""

from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.layout import TOP


@inner
def allocate(m: Numbers, free: int, width: int) -> int:
    """Return the address of a block that was freed, or of a new one.

    Args:
        m: The state.
        free: Which number says which block of this kind was freed last.
        width: Its size.
    """
    block = m[free]
    if block:
        m[free] = m[block]
        return int(block)
    block = m[TOP]
    m[TOP] = block + width
    return int(block)


@inner
def release(m: Numbers, free: int, block: int) -> None:
    """Free a block."""
    m[block] = m[free]
    m[free] = block
