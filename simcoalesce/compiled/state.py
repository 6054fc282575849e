"""State of a run in one array of numbers, and what every level does with it.

The array is memory, and things are known by their addresses in it: a task is where its
row begins, and ``m[task + KEY]`` is its key. One array passes through compiled code as
one pointer, and it can grow between two turns of the loop without moving anything.
"""

import numpy as np

from simcoalesce.compiled import layout
from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.draws import bits, quantile
from simcoalesce.compiled.event_queue import push
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import RECORDED

# Parameters of an object's level, and the columns of an object that others read.
FIRST_OBJECT, OBJECTS, IS_SHARDED, SHARD_KEY = 3, 4, 5, 6
DOMAIN, OBJECT_LOCATION = 0, 1
INSTANCE_WIDTH = 17

# A sampler: what it always gives (or a code of `parameters`), its stream, and where
# its table lies; or how many recorded durations follow there, and how many are given.
CONSTANT, STREAM, VALUES, COUNT, GIVEN = range(5)


@inner
def at(level: int) -> int:
    """Return where the parameters of a level begin."""
    return layout.LEVEL_PARAMETERS + level * layout.PARAMETERS_WIDTH


@inner
def frame(task: int, level: int) -> int:
    """Return where a task keeps what a level wants kept."""
    return task + layout.FRAMES + level * layout.FRAME_WIDTH


@inner
def real(m: Numbers, address: int) -> float:
    """Return a float, which is kept as the word of its bits."""
    return float(np.int64(m[address]).view(np.float64))


@inner
def set_real(m: Numbers, address: int, value: float) -> None:
    """Keep a float."""
    m[address] = np.float64(value).view(np.int64)


@inner
def draw(m: Numbers, sampler: int, request: int, attempt: int) -> int:
    """Return a duration of a sampler for a request's attempt."""
    constant = m[sampler + CONSTANT]
    if constant >= 0:
        return int(constant)
    if constant == RECORDED:
        given = m[sampler + GIVEN]
        m[sampler + GIVEN] = given + 1
        return int(m[m[sampler + VALUES] + given % m[sampler + COUNT]])
    word = bits(np.uint64(m[sampler + STREAM]), request, attempt)
    return quantile(m, m[sampler + VALUES], word)


@inner
def bypasses(m: Numbers, task: int, level: int) -> bool:
    """Return whether a task goes past a level, since nothing stored may answer it."""
    return bool(m[task + layout.ISOLATE] < 0 and m[layout.BYPASSED] >> level & 1)


@inner
def new_task(m: Numbers, like: int, base: int, then: int, to: int) -> int:
    """Return a new task, for the request of another one."""
    task = allocate(m, layout.FREE_TASK, m[layout.TASK_WIDTH])
    m[layout.LIVE] += 1
    if like != layout.NOBODY:
        m[task + layout.ID] = m[like + layout.ID]
        m[task + layout.KEY] = m[like + layout.KEY]
        m[task + layout.LOCATION] = m[like + layout.LOCATION]
        m[task + layout.ISOLATE] = m[like + layout.ISOLATE]
        m[task + layout.ATTEMPT] = m[like + layout.ATTEMPT]
    m[task + layout.BASE] = base
    m[task + layout.THEN] = then
    m[task + layout.TO] = to
    m[task + layout.IS_DEAD] = 0
    m[task + layout.LEVEL] = base
    m[task + layout.LABEL] = layout.DOWN
    return task


@inner
def free_task(m: Numbers, task: int) -> None:
    """Give a task back."""
    m[layout.LIVE] -= 1
    release(m, layout.FREE_TASK, task)


@inner
def spawn(m: Numbers, task: int, level: int, label: int, child: int) -> int:
    """Let a new task run first, and this one go on at a label; return the new one."""
    m[layout.SPAWNED] = child
    m[task + layout.LEVEL] = level
    m[task + layout.LABEL] = label
    return child


@inner
def wake_at(
    m: Numbers, task: int, level: int, label: int, instant: int, phase: int
) -> None:
    """Let a task sleep until an instant."""
    m[task + layout.LEVEL] = level
    m[task + layout.LABEL] = label
    fifo = layout.LEVELS + 2 * level + (label & 1)
    push(m, fifo, instant, phase + m[task + layout.ID], task << 2 | layout.WAKE)


@inner
def suspend(m: Numbers, task: int, level: int, label: int) -> None:
    """Let a task wait until another one wakes it."""
    m[task + layout.LEVEL] = level
    m[task + layout.LABEL] = label


@inner
def wake_now(m: Numbers, task: int, phase: int) -> None:
    """Wake a suspended task at this instant, in a phase."""
    push(
        m,
        layout.SIGNALS,
        m[layout.NOW],
        phase + m[task + layout.ID],
        task << 2 | layout.WAKE,
    )


@inner
def copy_answer(m: Numbers, source: int, target: int) -> None:
    """Copy an answer from one address to another."""
    for column in range(layout.ANSWER_WIDTH):
        m[target + column] = m[source + column]


@inner
def set_failure(m: Numbers, task: int, status: int, role: int, code: int) -> None:
    """Give a task an answer that did not come from the origin."""
    m[task + layout.STATUS] = status
    m[task + layout.LOOKUP] = 0
    m[task + layout.ROLE] = role
    m[task + layout.SERVED_BY] = code
    m[task + layout.GENERATED] = m[layout.NOW]
    m[task + layout.ATTEMPTS] = 1
    m[task + layout.VERSION] = 0
    m[task + layout.CACHEABLE] = 1
    m[task + layout.RETRY_AFTER] = 0


@inner
def instance_of(m: Numbers, task: int, level: int) -> int:
    """Return a request's object, given the level of the objects."""
    own = at(level)
    which = 0
    if m[own + IS_SHARDED]:
        spread = bits(np.uint64(m[own + SHARD_KEY]), m[task + layout.KEY], 0)
        which = int(spread % np.uint64(m[own + OBJECTS]))
    elif m[own + OBJECTS] > 1:
        which = m[task + layout.KEY]
    return m[own + FIRST_OBJECT] + which * INSTANCE_WIDTH


@inner
def domain_of(m: Numbers, task: int, level: int) -> int:
    """Return the domain in which a level runs: an isolate, or an object."""
    object_level = m[at(level) + layout.OBJECT_LEVEL]
    if object_level == layout.NOBODY:
        return int(m[task + layout.ISOLATE])
    return int(m[instance_of(m, task, object_level) + DOMAIN])


@inner
def location_of(m: Numbers, task: int, level: int) -> int:
    """Return the location in which a level runs."""
    object_level = m[at(level) + layout.OBJECT_LEVEL]
    if object_level == layout.NOBODY:
        return int(m[task + layout.LOCATION])
    return int(m[instance_of(m, task, object_level) + OBJECT_LOCATION])
