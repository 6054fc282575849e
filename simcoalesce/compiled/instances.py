"""Instances: the objects of a namespace, and where each level of a path runs."""

from typing import Final

import numpy as np

from simcoalesce.compiled.draws import bits
from simcoalesce.compiled.instant_queue import InstantQueue
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import BYPASS, Level, State, Task
from simcoalesce.compiled.task_queue import TaskQueue

_BEHIND_OBJECT: Final = 3 << 28
"""Added to the number of an isolate, so that no object and no timer has it too."""


class ObjectRecord(Record):
    """An object, as `model.objects` and `model.gate` have it."""

    domain: int
    """Its present life; 0 before the first request."""
    location: int
    ready: int
    active: int
    """How many requests and fetches it works at."""
    active_since: int
    idle_since: int
    free_at: int
    """When its thread is free."""
    is_held: bool
    """Whether somebody holds its mutex."""
    waiting: TaskQueue
    """Those who wait for the mutex."""
    leaving: InstantQueue
    """When those have their turn who wait for the thread."""
    answering: int
    """How many of those who wait want to let an answer out."""
    shut_until: int
    """Until when its gate lets nothing in."""
    busy_until: int


class ObjectsLevel(Level):
    """A level that may have objects."""

    first_object: int
    objects: int
    """How many; 0 if it is no level of objects."""
    is_sharded: bool
    shard_key: Word


@inner
def instance_of(m: State, task: Task, own: ObjectsLevel) -> ObjectRecord:
    """Return a request's object, given the level of the objects."""
    which = 0
    if own.is_sharded:
        which = int(bits(own.shard_key, task.key, 0) % np.uint64(own.objects))
    elif own.objects > 1:
        which = task.key
    return ObjectRecord(m, own.first_object + which * ObjectRecord.width)


@inner
def object_around(m: State, task: Task, own: Level) -> ObjectRecord:
    """Return the object in which a level runs, given that it does."""
    return instance_of(m, task, ObjectsLevel(m, own.object_level.at))


@inner
def domain_of(m: State, task: Task, own: Level) -> int:
    """Return the domain in which a level runs: an isolate, or an object."""
    isolate = task.isolate
    if isolate < 0:  # who bypasses stores runs in an isolate, even behind an object
        return BYPASS - isolate + _BEHIND_OBJECT * bool(own.object_level)
    return object_around(m, task, own).domain if own.object_level else isolate


@inner
def location_of(m: State, task: Task, own: Level) -> int:
    """Return the location in which a level runs."""
    is_inside = bool(own.object_level) and task.isolate >= 0
    return object_around(m, task, own).location if is_inside else task.location
