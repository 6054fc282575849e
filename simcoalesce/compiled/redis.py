"""Redis, as `model.redis` has it: one server, whose commands act in mid-latency."""

from typing import Final

import numpy as np

from simcoalesce.compiled.bounded_store import (
    StoredRecord,
    StoreRecord,
    fill_store,
    hold,
    use,
)
from simcoalesce.compiled.event_queue import LEVELS, entry_of, events, push
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Record
from simcoalesce.compiled.state import (
    AnswerRecord,
    Frame,
    Level,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.switch import Handlers
from simcoalesce.compiled.tasks import (
    TO_NOBODY,
    draw_for,
    frame,
    level_of,
    new_task_for,
    sleep,
)
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.storing_layer import StoringLayer

REFRESH, LOCK, LEASE = range(3)
"""Which of a key's locks."""
_LOCKS: Final = 3
_NS_PER_MS: Final = 1_000_000
_COMMANDS: Final = 1 << 16
_HIT, _FOLLOWER = 1, 2


class RedisStore(StoreRecord):
    """A store of one instance for all."""

    values: int
    """Where it has one for each key."""


class RedisValue(StoredRecord):
    """What is kept of a key, as `model.kv.Entry` is."""

    expires: int
    soft_until: int
    took: int
    answer: AnswerRecord


class LockRecord(Record):
    """A lock: who took it last, or 0, and until when."""

    token: int
    until: int


class ClientLevel(Level):
    """What a level is told that sends commands."""

    latency: SamplerRecord
    commands: int
    """How many of its commands the server has run."""


class ClientFrame(Frame):
    """What such a level keeps of a task."""

    command: int
    """What its command does when it gets there: a number that `commands` gave."""
    number: int
    """How many things it has drawn for."""
    token: int
    """That of the lock which it has taken, or 0."""


commands: Handlers[[State, Task, ClientLevel, ClientFrame], None] = Handlers(
    "m task own mine"
)
"""What is done when a command gets there, even if its sender was stopped meanwhile."""


@inner
def ask(
    m: State, task: Task, own: ClientLevel, latency: SamplerRecord, command: int
) -> int:
    """Send what looks, and may take: it sees all that is set at its instant."""
    return _send(m, task, own, latency, command, clock.START)


@inner
def put(
    m: State, task: Task, own: ClientLevel, latency: SamplerRecord, command: int
) -> int:
    """Send what sets or frees."""
    return _send(m, task, own, latency, command, clock.COMPLETE)


@inner
def _send(
    m: State,
    task: Task,
    own: ClientLevel,
    latency: SamplerRecord,
    command: int,
    phase: int,
) -> int:
    mine = ClientFrame(m, frame(task, own).at)
    mine.command = command
    takes = draw_next(m, task, latency, mine)
    there = entry_of(_ARRIVES, task.at)
    fifo = LEVELS + 2 * own.number + 1
    push(m, fifo, m.now + takes // 2, phase + task.request, there)
    # What takes no time is answered after it has acted.
    back = clock.ANSWER if takes else max(clock.ANSWER, phase)
    return sleep(m, task, own, m.now + takes, back)


@inner
def draw_next(m: State, task: Task, sampler: SamplerRecord, mine: ClientFrame) -> int:
    """Draw for the next thing that a task does at a level."""
    mine.number += 1
    return draw_for(m, sampler, task.request, draw_number(task, mine.number - 1))


@inner
def draw_number(task: Task, number: int) -> int:
    """Return under which number a task draws for the n-th thing that it does."""
    return task.attempt * _COMMANDS + number


@inner
def messenger(m: State, task: Task, own: ClientLevel) -> Task:
    """Return what sends a command in the place of a task, and is done then."""
    sends = new_task_for(m, task, own.number, TO_NOBODY, NOBODY)
    sends.is_dead = True
    mine, its = _client_frame(m, task, own), _client_frame(m, sends, own)
    its.number, its.token = mine.number, mine.token
    return sends


@inner
def _client_frame(m: State, task: Task, own: ClientLevel) -> ClientFrame:
    return ClientFrame(m, frame(task, own).at)


@inner
def _arrive(m: State, which: int) -> Task:
    """Let the server run the command of a task."""
    task = Task(m, which)
    own = ClientLevel(m, level_of(m, task.level).at)
    own.commands += 1
    mine = _client_frame(m, task, own)
    commands(mine.command, m, task, own, mine)
    return Task(m, NOBODY)


_ARRIVES: Final = events.add(_arrive)


@inner
def expires_at(set_at: int, ttl_ns: int) -> int:
    """Return when a key is gone that is set at an instant, in whole milliseconds."""
    last_ms = set_at // _NS_PER_MS + max(ttl_ns // _NS_PER_MS, 1)
    return (last_ms + 1) * _NS_PER_MS


@inner
def lock_until(m: State, ttl_ns: int) -> int:
    """Return until when a lock lasts from now on; for ever if nobody says."""
    return clock.NEVER_NS if ttl_ns == NOBODY else expires_at(m.now, ttl_ns)


@inner
def looked_up(m: State, key: int) -> RedisValue:
    """Return what the server has of a key, which is used by that."""
    return looked_up_in(m, RedisStore(m, m.redis.store), key)


@inner
def looked_up_in(m: State, store: RedisStore, key: int) -> RedisValue:
    """Return what a store has of a key, which is used by that."""
    value = RedisValue(m, store.values + key * RedisValue.width)
    use(store, value)
    return value


@inner
def set_in(m: State, store: RedisStore, key: int) -> RedisValue:
    """Hold a value of a key from now on; return it, so that it is written."""
    value = RedisValue(m, store.values + key * RedisValue.width)
    hold(store, value)
    return value


@inner
def is_fresh(m: State, value: RedisValue) -> bool:
    """Whether a value may be served now, without a refresh."""
    return value.is_held and m.now < value.expires and m.now < value.soft_until


@inner
def hit(task: Task, kept: AnswerRecord, served_by: int, lookup: int) -> None:
    """Give a task what it has found."""
    task.answer = kept
    answer = task.answer
    answer.lookup, answer.role, answer.served_by = lookup, 0, served_by
    answer.attempts = 1


@inner
def follow(task: Task, kept: AnswerRecord) -> None:
    """Give a task what it has waited for."""
    task.answer = kept
    task.answer.role, task.answer.attempts = _FOLLOWER, 1


@inner
def lock_of(m: State, which: int, key: int) -> LockRecord:
    """Return a lock of a key."""
    return LockRecord(m, m.redis.locks + (key * _LOCKS + which) * LockRecord.width)


@inner
def new_token(m: State) -> int:
    """Return a token that nobody has."""
    m.redis.tokens += 1
    return m.redis.tokens


@inner
def take(m: State, lock: LockRecord, token: int, until: int) -> bool:
    """Take a lock if it is free; say whether it was."""
    if m.now < lock.until:
        return False
    lock.token, lock.until = token, until
    return True


@inner
def is_held(m: State, lock: LockRecord, token: int) -> bool:
    """Whether a lock is still that of a token."""
    return lock.token == token and m.now < lock.until


@inner
def keep(lock: LockRecord, token: int, until: int) -> None:
    """Let a lock last until an instant, if it is that of a token."""
    if lock.token == token:
        lock.until = until


@inner
def free(lock: LockRecord, token: int) -> None:
    """Free a lock, if it is that of a token."""
    if lock.token == token:
        lock.token, lock.until = 0, 0


def begin_server(parameters: Parameters) -> None:
    """Begin with a server that has nothing, unless there is one."""
    state = parameters.state
    if not state.redis.locks:
        state.redis.store = new_store(parameters).at
        state.redis.locks = parameters.reserve(state.keys * _LOCKS * LockRecord.width)


def new_store(parameters: Parameters) -> RedisStore:
    """Return an empty store, which holds as much as comes."""
    [store] = parameters.records(RedisStore, 1)
    values = np.zeros(parameters.state.keys * RedisValue.width, dtype=np.int64)
    store.most, store.values = NOBODY, parameters.write(values)
    return store


def layer_store(
    layer: StoringLayer, ttl_ns: int, context: LayerContext, parameters: Parameters
) -> tuple[RedisStore, list[RedisValue]]:
    """Return the store of a layer, and what it holds when the run begins.

    When each of that is gone is to be written.
    """
    store = new_store(parameters)
    fill_store(store, layer)
    initial = layer.initial
    answers = [] if initial is None else initial.answers(context, 0, ttl_ns)
    values = []
    for key, answer in answers:
        value = parameters.written(RedisValue, store.values + key * RedisValue.width)
        hold(store, value)
        kept = value.answer
        kept.status, kept.role, kept.served_by = (
            answer.status,
            answer.role,
            answer.served_by,
        )
        kept.generated, kept.attempts = answer.generated_at_ns, answer.attempts
        kept.cacheable = answer.cacheable
        values.append(value)
    return store, values
