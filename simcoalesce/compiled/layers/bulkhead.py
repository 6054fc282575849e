"""bulkhead, as `model.layers.bulkhead` has it."""

from typing import Final

from simcoalesce.compiled.hash_table import block_of, table_key_of
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.load_control import (
    LoadControlLevel,
    fill_control,
    instance_of_state,
    refuse,
    withdraw,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import GO_DOWN, GO_UP, Frame, State, Task
from simcoalesce.compiled.task_queue import TaskQueue, drop_out, stand_in
from simcoalesce.compiled.tasks import frame, level_of, wait, wake_now
from simcoalesce.compiled.timers import Timer, firings, new_timer, set_timer
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.bulkhead import Bulkhead
from simcoalesce.model.rate_limit import parts_of

_WAITS, _HAS_TURN, _IS_LATE, _PASSES = range(4)


class BulkheadLevel(LoadControlLevel):
    """What the layer is told."""

    limit: int
    queue_timeout_ns: int
    queue_limit: int
    parts: int
    """Where it says in which line each key's calls are, or nobody: all in one."""


class CallLine(Record):
    """How many calls are under way, and those who wait for their turn."""

    under_way: int
    waiting: TaskQueue


class BulkheadFrame(Frame):
    """What it keeps of a task."""

    line: Link[CallLine]
    turn: int
    """Whether it waits, has a turn that it does not know of yet, is late, or passes."""
    timer: Link[Timer]
    """Of one that waits; none if it may wait for ever."""


@inner
def step(m: State, task: Task, own: BulkheadLevel, mine: BulkheadFrame) -> Steps:
    """Let so many calls pass at once; others wait in line, or are refused."""
    line = _line_of(m, task, own)
    mine.line, mine.turn = line, _PASSES
    if line.under_way < own.limit:
        line.under_way += 1
    elif own.queue_timeout_ns == 0 or _is_full(own, line):
        return refuse(m, task, own, 503, 0)
    else:
        _join(m, task, own, mine)
        yield wait(task, own)
        if mine.turn == _IS_LATE:
            return refuse(m, task, own, 503, 0)
        mine.turn = _PASSES
    yield GO_DOWN
    _leave(m, mine.line)
    return GO_UP


@inner
def close(m: State, task: Task, own: BulkheadLevel, mine: BulkheadFrame) -> bool:
    """Let a client leave, and another have its turn."""
    waits = mine.turn == _WAITS
    if waits:
        _drop_out(task, mine)
    elif mine.turn != _IS_LATE:
        _leave(m, mine.line)
    if mine.turn != _PASSES:
        withdraw(m, own)
    return waits


@inner
def _line_of(m: State, task: Task, own: BulkheadLevel) -> CallLine:
    part = 0 if own.parts == NOBODY else m[own.parts + task.key]
    table_key = table_key_of(own, instance_of_state(m, task, own), part)
    return CallLine(m, block_of(m, table_key, CallLine.width))


@inner
def _is_full(own: BulkheadLevel, line: CallLine) -> bool:
    return own.queue_limit != NOBODY and line.waiting.count >= own.queue_limit


@inner
def _join(m: State, task: Task, own: BulkheadLevel, mine: BulkheadFrame) -> None:
    """Wait in line; what comes at the time-out is no turn."""
    stand_in(m, mine.line.waiting, task)
    mine.turn, mine.timer = _WAITS, Timer(m, NOBODY)
    if own.queue_timeout_ns != NOBODY:
        mine.timer = new_timer(m, task, own, _LATE)
        set_timer(m, mine.timer, m.now + own.queue_timeout_ns)


@inner
def _drop_out(task: Task, mine: BulkheadFrame) -> None:
    """Take a task out of its line; its timer is off."""
    drop_out(mine.line.waiting, task)
    if mine.timer:
        mine.timer.is_off = True


@inner
def _leave(m: State, line: CallLine) -> None:
    """End a call: its turn is that of the first who waits."""
    if not line.waiting.count:
        line.under_way -= 1
        return
    task = line.waiting.first
    its = BulkheadFrame(m, frame(task, level_of(m, task.level)).at)
    _drop_out(task, its)
    its.turn = _HAS_TURN
    wake_now(m, task, clock.START)


@inner
def _be_late(m: State, timer: Timer) -> None:
    """End the wait of a task without a turn."""
    task = timer.setter
    its = BulkheadFrame(m, frame(task, timer.level).at)
    _drop_out(task, its)
    its.turn = _IS_LATE
    wake_now(m, task, clock.EXPIRE)


def fill(
    own: BulkheadLevel, layer: Bulkhead, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_control(own, layer, context, parameters, "bulkhead_refused")
    own.parts = NOBODY
    if layer.for_each != "all":
        own.parts = parameters.write(parts_of(layer.for_each, context.keys))


_LATE: Final = firings.add(_be_late)
