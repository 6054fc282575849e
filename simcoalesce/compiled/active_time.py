"""Active time of objects, as `model.objects` counts it."""

from simcoalesce.compiled.instances import (
    ObjectRecord,
    ObjectsLevel,
    instance_of,
    object_around,
)
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import Level, State, Task


@inner
def stay_active(m: State, task: Task, own: Level, until: int) -> None:
    """Keep the object in which a level runs, if it does, active until an instant."""
    if not own.object_level:
        return
    instance = object_around(m, task, own)
    instance.busy_until = max(instance.busy_until, until)
    if instance.active == 0:
        _count(m, instance, max(m.now, instance.idle_since))


@inner
def begin(m: State, instance: ObjectRecord) -> None:
    """Begin a request in an object, or a fetch of it."""
    if instance.active == 0:
        instance.active_since = max(m.now, instance.idle_since)
    instance.active += 1


@inner
def end(m: State, instance: ObjectRecord) -> None:
    """End a request in an object, or a fetch of it."""
    instance.active -= 1
    if instance.active == 0:
        _count(m, instance, instance.active_since)


@inner
def begin_fetch(m: State, task: Task, own: ObjectsLevel) -> None:
    """Keep the object of a level active, if it is one's, until the fetch ends."""
    if own.objects:
        begin(m, instance_of(m, task, own))


@inner
def end_fetch(m: State, task: Task, own: ObjectsLevel) -> None:
    """Let the object of a level go, if it is one's: the fetch has ended."""
    if own.objects:
        end(m, instance_of(m, task, own))


@inner
def _count(m: State, instance: ObjectRecord, since: int) -> None:
    """Count active time from an instant until there is nothing to wait for."""
    idle = max(m.now, instance.busy_until, since)
    instance.idle_since = idle
    m.usage.object_active_ns += idle - since
