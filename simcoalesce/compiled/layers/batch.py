"""batch, as `model.layers.batch` has it."""

from typing import Final

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.event_queue import (
    SIGNALS,
    TIMERS,
    entry_of,
    events,
    go_on,
    push,
)
from simcoalesce.compiled.hash_table import find, insert, remove, table_key_of
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import (
    GO_UP,
    AnswerRecord,
    FreeList,
    Level,
    State,
    Task,
)
from simcoalesce.compiled.task_queue import TaskQueue, stand_in, take_first
from simcoalesce.compiled.tasks import handovers, new_task_for, run_first, wait
from simcoalesce.model import clock

_LED, _FOLLOWED = 1, 2


class BatchLevel(Level):
    """What the layer is told, and how many batches there were."""

    within_ns: int
    most: int
    batches: int
    free: FreeList


class BatchRecord(Record):
    """The misses of one call."""

    level: Link[BatchLevel]
    table_key: int
    number: int
    keys: int
    """How many there are, if that has a limit."""
    call: Link[Task]
    """The task that makes the call of the first, once it is sent."""
    waiting: TaskQueue
    is_sent: bool
    has_landed: bool
    answer: AnswerRecord
    uses: int
    """How many events will still name it."""


@inner
def step(m: State, task: Task, own: BatchLevel) -> Steps:
    """Let misses that come together become one call."""
    domain = domain_of(m, task, own)
    batch = BatchRecord(m, find(m, table_key_of(own, domain, 0)))
    role = _FOLLOWED if batch else _LED
    if not batch:
        batch = _begin(m, task, own, table_key_of(own, domain, 0))
    if own.most != NOBODY and _is_full(m, task, own, batch, domain):
        yield run_first(m, task, own, _send(m, batch))
    if not batch.has_landed:
        stand_in(m, batch.waiting, task)
        yield wait(task, own)
    task.answer = batch.answer
    if role == _FOLLOWED or not task.answer.role:
        task.answer.role = role
    if role == _FOLLOWED:
        task.answer.attempts = 1
    return GO_UP


@inner
def _begin(m: State, task: Task, own: BatchLevel, table_key: int) -> BatchRecord:
    """Begin a batch, which is sent when its time is over."""
    batch = BatchRecord(m, allocate(m, own.free, BatchRecord.width))
    own.batches += 1
    batch.level, batch.table_key, batch.number = own, table_key, own.batches
    batch.keys, batch.uses = 0, 2
    batch.is_sent, batch.has_landed = False, False
    batch.waiting.count = 0
    batch.call = new_task_for(m, task, own.number + 1, _LANDS, batch.at)
    insert(m, table_key, batch.at)
    ends, order = m.now + own.within_ns, clock.RETURN + task.request
    push(m, TIMERS, ends, order, entry_of(_ENDS, batch.at))
    return batch


@inner
def _is_full(
    m: State, task: Task, own: BatchLevel, batch: BatchRecord, domain: int
) -> bool:
    """Add the key of a task to a batch; say whether that has made it full."""
    last_in = table_key_of(own, domain, task.key + 1)
    if find(m, last_in) != batch.number:
        insert(m, last_in, batch.number)
        batch.keys += 1
    return batch.keys == own.most


@inner
def _send(m: State, batch: BatchRecord) -> Task:
    """Return the task that makes the call of a batch, which nobody joins any more."""
    batch.is_sent = True
    remove(m, batch.table_key)
    return batch.call


@inner
def _end(m: State, which: int) -> Task:
    """Send a batch when its time is over, unless it was full before."""
    batch = BatchRecord(m, which)
    sent = Task(m, NOBODY)
    if not batch.is_sent:
        sent = _send(m, batch)
    _put_away(m, batch)
    return sent


@inner
def _land(m: State, task: Task) -> None:
    """Give a batch the answer of its call."""
    batch = BatchRecord(m, task.to)
    batch.answer, batch.has_landed = task.answer, True
    push(m, SIGNALS, m.now, clock.ANSWER + task.request, entry_of(_TELL, batch.at))


@inner
def _tell(m: State, which: int) -> Task:
    """Let those who wait for a batch go on, one after the other; then put it away."""
    batch = BatchRecord(m, which)
    if not batch.waiting.count:
        _put_away(m, batch)
        return Task(m, NOBODY)
    m.again = entry_of(_TELL, which)
    return go_on(m, take_first(batch.waiting).at)


@inner
def _put_away(m: State, batch: BatchRecord) -> None:
    """Free a batch that no event will name any more."""
    batch.uses -= 1
    if not batch.uses:
        own = batch.level
        release(m, own.free, batch.at)


_ENDS: Final = events.add(_end)
_TELL: Final = events.add(_tell)
_LANDS: Final = handovers.add(_land)
