"""Active time of objects, as `model.objects` counts it."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.object_queue import (
    ACTIVE,
    ACTIVE_SINCE,
    BUSY_UNTIL,
    IDLE_SINCE,
)
from simcoalesce.compiled.state import OBJECTS, at, instance_of


@inner
def stay_active(m: Numbers, task: int, level: int, until: int) -> None:
    """Keep the object in which a level runs, if it does, active until an instant."""
    object_level = m[at(level) + layout.OBJECT_LEVEL]
    if object_level == layout.NOBODY:
        return
    instance = instance_of(m, task, object_level)
    m[instance + BUSY_UNTIL] = max(m[instance + BUSY_UNTIL], until)
    if m[instance + ACTIVE] == 0:
        _count(m, instance, max(m[layout.NOW], m[instance + IDLE_SINCE]))


@inner
def begin(m: Numbers, instance: int) -> None:
    """Begin a request in an object, or a fetch of it."""
    if m[instance + ACTIVE] == 0:
        m[instance + ACTIVE_SINCE] = max(m[layout.NOW], m[instance + IDLE_SINCE])
    m[instance + ACTIVE] += 1


@inner
def end(m: Numbers, instance: int) -> None:
    """End a request in an object, or a fetch of it."""
    m[instance + ACTIVE] -= 1
    if m[instance + ACTIVE] == 0:
        _count(m, instance, m[instance + ACTIVE_SINCE])


@inner
def begin_fetch(m: Numbers, task: int, level: int) -> None:
    """Keep the object of a level active, if it is one's, until the fetch ends."""
    if m[at(level) + OBJECTS]:
        begin(m, instance_of(m, task, level))


@inner
def end_fetch(m: Numbers, task: int, level: int) -> None:
    """Let the object of a level go, if it is one's: the fetch has ended."""
    if m[at(level) + OBJECTS]:
        end(m, instance_of(m, task, level))


@inner
def _count(m: Numbers, instance: int, since: int) -> None:
    """Count active time from an instant until there is nothing to wait for."""
    idle = max(m[layout.NOW], m[instance + BUSY_UNTIL], since)
    m[instance + IDLE_SINCE] = idle
    m[layout.USAGE + layout.OBJECT_ACTIVE_NS] += idle - since
