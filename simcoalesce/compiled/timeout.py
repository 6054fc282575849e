"""timeout, as `model.layers.timeout` has it, and the timers that it and gates set."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.event_queue import push
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import (
    at,
    copy_answer,
    frame,
    new_task,
    set_failure,
    spawn,
    suspend,
    wake_now,
)
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.timeout import RequestTimeout

AFTER, CANCELS = 3, 4

# A timer: who set it, at which level, the task that races it, whether it is off.
PARENT, LEVEL, CHILD, IS_OFF, REASON = range(5)
TIMER_WIDTH = 5
RACE, HOLD, TURN = range(3)

_BEGAN, _DECIDED = layout.LABELS, layout.LABELS + 1
_TIMER, _IS_LATE, _BEHIND = range(3)


@inner
def new_timer(m: Numbers, parent: int, level: int, reason: int) -> int:
    """Return a new timer, which `set_timer` sets."""
    timer = allocate(m, layout.FREE_TIMER, TIMER_WIDTH)
    m[timer + PARENT], m[timer + LEVEL] = parent, level
    m[timer + IS_OFF], m[timer + REASON] = 0, reason
    return timer


@inner
def free_timer(m: Numbers, timer: int) -> None:
    """Free a timer."""
    release(m, layout.FREE_TIMER, timer)


@inner
def set_timer(m: Numbers, timer: int, instant: int) -> None:
    """Let a timer fire at an instant, after what completes then."""
    push(
        m,
        layout.TIMERS,
        instant,
        layout.EXPIRE + m[m[timer + PARENT] + layout.ID],
        timer << 2 | layout.TIMER,
    )


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """Wait so long and no longer."""
    mine = frame(task, level)
    if entry == layout.DOWN:
        timer = new_timer(m, task, level, RACE)
        behind = new_task(m, task, level + 1, layout.TO_RACE, timer)
        m[timer + CHILD] = behind
        m[mine + _TIMER], m[mine + _IS_LATE], m[mine + _BEHIND] = timer, 0, behind
        spawn(m, task, level, _BEGAN, behind)
        return layout.SPAWN
    if entry == _BEGAN:
        set_timer(m, m[mine + _TIMER], m[layout.NOW] + m[at(level) + AFTER])
        suspend(m, task, level, _DECIDED)
        return layout.WAIT
    if m[mine + _IS_LATE]:
        set_failure(m, task, 504, 0, m[at(level) + layout.CODE])
    return layout.GO_UP


@inner
def left_behind(m: Numbers, task: int, level: int, entry: int) -> int:
    """Return the task behind that must end now, its caller being gone, or NOBODY."""
    mine = frame(task, level)
    if (
        entry != _DECIDED
        or not m[mine + _IS_LATE]
        or m[mine + _BEHIND] == layout.NOBODY
    ):
        return layout.NOBODY
    behind = m[mine + _BEHIND]
    m[behind + layout.THEN] = layout.TO_NOBODY
    return int(behind) if m[at(level) + CANCELS] else layout.NOBODY


@inner
def win(m: Numbers, behind: int, timer: int) -> None:
    """Give the answer of the task behind to the one that waits; it is in time."""
    m[timer + IS_OFF] = 1
    parent = m[timer + PARENT]
    copy_answer(m, behind + layout.STATUS, parent + layout.STATUS)
    wake_now(m, parent, layout.ANSWER)


@inner
def on_timer(m: Numbers, timer: int) -> None:
    """Tell the one that waits that it is too late."""
    parent, behind = m[timer + PARENT], m[timer + CHILD]
    m[frame(parent, m[timer + LEVEL]) + _IS_LATE] = 1
    is_waiting = not m[parent + layout.IS_DEAD]
    m[behind + layout.THEN] = layout.TO_LATE if is_waiting else layout.TO_NOBODY
    m[behind + layout.TO] = parent
    wake_now(m, parent, layout.EXPIRE)


@inner
def forget(m: Numbers, behind: int) -> None:
    """End a task behind at the very instant at which it is too late."""
    m[frame(m[behind + layout.TO], m[behind + layout.BASE] - 1) + _BEHIND] = (
        layout.NOBODY
    )


@inner
def close(m: Numbers, task: int, level: int) -> None:
    """Let the task behind go on for nobody, if its caller ends while it is too late."""
    mine = frame(task, level)
    if m[mine + _IS_LATE] and m[mine + _BEHIND] != layout.NOBODY:
        m[m[mine + _BEHIND] + layout.THEN] = layout.TO_NOBODY


def encode(
    layer: RequestTimeout,
    context: LayerContext,  # noqa: ARG001 - as all of them
    level: int,
    parameters: Parameters,
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    row[layout.CODE] = parameters.code_of(layer.served_by)
    row[AFTER], row[CANCELS] = layer.after_ns, layer.cancels
