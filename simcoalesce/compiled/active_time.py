"""Active time of objects, as `model.objects` counts it."""

from typing import Any

from simcoalesce.compiled import layout
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.object_queue import ACTIVE, BUSY_UNTIL, IDLE_SINCE
from simcoalesce.compiled.state import at, instance_of


@inner
def stay_active(m: Any, task: int, level: int, until: int) -> None:
    """Keep the object in which a level runs, if it does, active until an instant."""
    object_level = m[at(level) + layout.OBJECT_LEVEL]
    if object_level == layout.NOBODY:
        return
    instance = instance_of(m, task, object_level)
    m[instance + BUSY_UNTIL] = max(m[instance + BUSY_UNTIL], until)
    if m[instance + ACTIVE] == 0:
        count_active(m, instance, max(m[layout.NOW], m[instance + IDLE_SINCE]))


@inner
def count_active(m: Any, instance: int, since: int) -> None:
    """Count active time from an instant until there is nothing to wait for."""
    idle = max(m[layout.NOW], m[instance + BUSY_UNTIL], since)
    m[instance + IDLE_SINCE] = idle
    m[layout.USAGE + layout.OBJECT_ACTIVE_NS] += idle - since
