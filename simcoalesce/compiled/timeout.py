"""timeout, as `model.layers.timeout` has it, and the alarms that it and gates set."""

from typing import Any

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.event_queue import push
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layout import (
    ALARM,
    ALARMS,
    ANSWER,
    BASE,
    CODE,
    DOWN,
    EXPIRE,
    FREE_ALARM,
    GO_UP,
    ID,
    IS_DEAD,
    LABELS,
    NOBODY,
    NOW,
    SPAWN,
    STATUS,
    THEN,
    TO,
    TO_LATE,
    TO_NOBODY,
    TO_RACE,
    WAIT,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import (
    at,
    copy_answer,
    frame,
    new_task,
    park,
    set_failure,
    spawn,
    wake_now,
)
from simcoalesce.model.layer import LayerContext
from simcoalesce.model.layers.timeout import RequestTimeout

AFTER, CANCELS = 3, 4

# An alarm: who set it, at which level, the task that races it, whether it is off.
PARENT, LEVEL, CHILD, IS_OFF, REASON = range(5)
ALARM_WIDTH = 5
RACE, HOLD, TURN = range(3)

_BEGAN, _DECIDED = LABELS, LABELS + 1
_ALARM, _IS_LATE, _BEHIND = range(3)


@inner
def new_alarm(m: Any, parent: int, level: int, reason: int) -> int:
    """Return a new alarm, which is set when `ring_at` is called."""
    alarm = allocate(m, FREE_ALARM, ALARM_WIDTH)
    m[alarm + PARENT], m[alarm + LEVEL] = parent, level
    m[alarm + IS_OFF], m[alarm + REASON] = 0, reason
    return alarm


@inner
def free_alarm(m: Any, alarm: int) -> None:
    """Give an alarm back."""
    release(m, FREE_ALARM, alarm)


@inner
def ring_at(m: Any, alarm: int, instant: int) -> None:
    """Let an alarm ring at an instant, after what completes then."""
    push(m, ALARMS, instant, EXPIRE + m[m[alarm + PARENT] + ID], alarm << 2 | ALARM)


@inner
def step(m: Any, task: int, level: int, entry: int) -> int:
    """Wait so long and no longer."""
    mine = frame(task, level)
    if entry == DOWN:
        alarm = new_alarm(m, task, level, RACE)
        behind = new_task(m, task, level + 1, TO_RACE, alarm)
        m[alarm + CHILD] = behind
        m[mine + _ALARM], m[mine + _IS_LATE], m[mine + _BEHIND] = alarm, 0, behind
        spawn(m, task, level, _BEGAN, behind)
        return SPAWN
    if entry == _BEGAN:
        ring_at(m, m[mine + _ALARM], m[NOW] + m[at(level) + AFTER])
        park(m, task, level, _DECIDED)
        return WAIT
    if m[mine + _IS_LATE]:
        set_failure(m, task, 504, 0, m[at(level) + CODE])
    return GO_UP


@inner
def left_behind(m: Any, task: int, level: int, entry: int) -> int:
    """Return the task behind that must end now, its caller being gone, or NOBODY."""
    mine = frame(task, level)
    if entry != _DECIDED or not m[mine + _IS_LATE] or m[mine + _BEHIND] == NOBODY:
        return NOBODY
    behind = m[mine + _BEHIND]
    m[behind + THEN] = TO_NOBODY
    return int(behind) if m[at(level) + CANCELS] else NOBODY


@inner
def win(m: Any, behind: int, alarm: int) -> None:
    """Give the answer of the task behind to the one that waits; it is in time."""
    m[alarm + IS_OFF] = 1
    parent = m[alarm + PARENT]
    copy_answer(m, behind + STATUS, parent + STATUS)
    wake_now(m, parent, ANSWER)


@inner
def lose(m: Any, alarm: int) -> None:
    """Tell the one that waits that it is too late."""
    parent, behind = m[alarm + PARENT], m[alarm + CHILD]
    m[frame(parent, m[alarm + LEVEL]) + _IS_LATE] = 1
    is_waiting = not m[parent + IS_DEAD]
    m[behind + THEN] = TO_LATE if is_waiting else TO_NOBODY
    m[behind + TO] = parent
    wake_now(m, parent, EXPIRE)


@inner
def forget(m: Any, behind: int) -> None:
    """End a task behind at the very instant at which it is too late."""
    m[frame(m[behind + TO], m[behind + BASE] - 1) + _BEHIND] = NOBODY


@inner
def close(m: Any, task: int, level: int) -> None:
    """Let the task behind go on for nobody, if its caller ends while it is too late."""
    mine = frame(task, level)
    if m[mine + _IS_LATE] and m[mine + _BEHIND] != NOBODY:
        m[m[mine + _BEHIND] + THEN] = TO_NOBODY


def describe(
    layer: RequestTimeout,
    context: LayerContext,  # noqa: ARG001 - as all of them
    level: int,
    program: Parameters,
) -> None:
    """Write the layer's parameters."""
    row = program.parameters[level]
    row[CODE] = program.code_of(layer.served_by)
    row[AFTER], row[CANCELS] = layer.after_ns, layer.cancels
