"""Places: memory for things that come and go."""

from typing import Any

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layout import TOP


@inner
def allocate(m: Any, free: int, width: int) -> int:
    """Return a place that was freed, or a new one.

    Args:
        m: The machine.
        free: The number that says which place of its kind was freed last.
        width: Its size.
    """
    place = m[free]
    if place:
        m[free] = m[place]
        return int(place)
    place = m[TOP]
    m[TOP] = place + width
    return int(place)


@inner
def release(m: Any, free: int, place: int) -> None:
    """Free a place."""
    m[place] = m[free]
    m[free] = place
