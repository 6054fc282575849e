"""Several calls of one request that are under way at once, and their answers."""

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.cancel import stop
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import AnswerRecord, Frame, Level, State, Task
from simcoalesce.compiled.tasks import (
    frame,
    level_of,
    new_task_for,
    wait,
    wake_now,
)
from simcoalesce.model import clock


class CallRecord(Record):
    """A call, among those that are under way, or among those that have answers."""

    caller: Link[Task]
    """Who waits for it; none if nobody does."""
    child: Link[Task]
    began_at: int
    before: Link["CallRecord"]
    after: Link["CallRecord"]
    answer: AnswerRecord


class CallList(Record):
    """Calls, in the order in which they came."""

    first: Link[CallRecord]
    last: Link[CallRecord]


class ParallelFrame(Frame):
    """What a level keeps of a task for which it makes calls."""

    count: int
    """How many were made."""
    open: int
    """How many are under way."""
    attempts: int
    """Attempts of the calls that were answered."""
    is_waiting: bool
    under_way: CallList
    arrived: CallList


@inner
def begin_calls(m: State, mine: ParallelFrame) -> None:
    """Begin without a call."""
    none = CallRecord(m, NOBODY)
    mine.count, mine.open, mine.attempts, mine.is_waiting = 0, 0, 0, False
    mine.under_way.first = mine.under_way.last = none
    mine.arrived.first = mine.arrived.last = none


@inner
def new_call(
    m: State, task: Task, own: Level, mine: ParallelFrame, most: int, ends: int
) -> Task:
    """Return the task of a further call, which is to run first.

    Args:
        m: The state.
        task: Whose call it is.
        own: The level.
        mine: What it keeps of the task.
        most: How many calls any request of the level makes at most.
        ends: How its answer is handed over.
    """
    call = CallRecord(m, allocate(m, m.free_calls, CallRecord.width))
    child = new_task_for(m, task, own.number + 1, ends, call.at)
    # Under a layer that asks again, its n-th attempt numbers ours from n * most on.
    child.attempt = task.attempt * most + mine.count
    call.caller, call.child, call.began_at = task, child, m.now
    mine.count += 1
    mine.open += 1
    _add(m, mine.under_way, call)
    return child


@inner
def _add(m: State, calls: CallList, call: CallRecord) -> None:
    call.before, call.after = calls.last, CallRecord(m, NOBODY)
    last = calls.last
    if last:
        last.after = call
    else:
        calls.first = call
    calls.last = call


@inner
def _remove(calls: CallList, call: CallRecord) -> None:
    before, after = call.before, call.after
    if before:
        before.after = after
    else:
        calls.first = after
    if after:
        after.before = before
    else:
        calls.last = before


@inner
def come(m: State, task: Task) -> None:
    """Take the answer of a call, whose task has ended."""
    call = CallRecord(m, task.to)
    caller = call.caller
    if not caller:
        release(m, m.free_calls, call.at)
        return
    its = ParallelFrame(m, frame(caller, level_of(m, task.base - 1)).at)
    _remove(its.under_way, call)
    its.open -= 1
    its.attempts += task.answer.attempts
    call.answer = task.answer
    _add(m, its.arrived, call)
    send_news(m, caller, its, clock.ANSWER)


@inner
def wait_for_news(task: Task, own: Level, mine: ParallelFrame) -> int:
    """Wait for an answer to take, or until a further call is due."""
    mine.is_waiting = True
    return wait(task, own)


@inner
def send_news(m: State, task: Task, mine: ParallelFrame, phase: int) -> None:
    """Wake a task that waits for news, once."""
    if mine.is_waiting:
        mine.is_waiting = False
        wake_now(m, task, phase)


@inner
def take(m: State, task: Task, mine: ParallelFrame) -> bool:
    """Take the next answer; say whether there is one."""
    call = mine.arrived.first
    if call:
        task.answer = call.answer
        _remove(mine.arrived, call)
        release(m, m.free_calls, call.at)
    return bool(call)


@inner
def stop_next(m: State, mine: ParallelFrame) -> int:
    """End the first call that is under way; return when it began, or nobody."""
    call = mine.under_way.first
    if not call:
        return NOBODY
    stop(m, call.child)
    _remove(mine.under_way, call)
    began_at = call.began_at
    release(m, m.free_calls, call.at)
    return began_at


@inner
def leave_calls(m: State, mine: ParallelFrame) -> bool:
    """Let those that are still under way go on for nobody, and forget the answers.

    Returns:
        Whether the task waits for news, which will not come.
    """
    while mine.under_way.first:
        call = mine.under_way.first
        call.caller = Task(m, NOBODY)
        _remove(mine.under_way, call)
    while mine.arrived.first:
        call = mine.arrived.first
        _remove(mine.arrived, call)
        release(m, m.free_calls, call.at)
    return mine.is_waiting
