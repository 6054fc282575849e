"""redis.write, as `model.layers.redis_write` has it."""

from typing import Final

from simcoalesce.compiled.active_time import stay_active
from simcoalesce.compiled.kernel import Steps, Word, inner
from simcoalesce.compiled.lifetime import jittered, lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.redis import begin_server, expires_at, note_set
from simcoalesce.compiled.redis_client import (
    ClientFrame,
    ClientLevel,
    commands,
    draw_next,
    messenger,
    put,
)
from simcoalesce.compiled.redis_store import RedisStore, RedisValue, layer_store, set_in
from simcoalesce.compiled.state import GO_DOWN, GO_UP, AnswerRecord, State, Task
from simcoalesce.compiled.tasks import frame
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.redis_write import RedisWrite


class RedisWriteLevel(ClientLevel):
    """What the layer is told."""

    ttl_ns: int
    soft_ttl_ns: int
    error_ttl: int
    ttl_jitter_ratio: float
    jitter: Word
    """The key of the draws of it."""
    is_awaited: bool


class RedisWriteFrame(ClientFrame):
    """What it keeps of a task."""

    stays: int
    """How long the value lives."""
    took: int
    """How long the fetch took."""
    answer: AnswerRecord


@inner
def step(m: State, task: Task, own: RedisWriteLevel, mine: RedisWriteFrame) -> Steps:
    """Set what comes back in Redis."""
    asked_at = m.now
    yield GO_DOWN
    stays = lifetime(m, task, own.ttl_ns, own.error_ttl)
    if not stays:
        return GO_UP
    mine.stays = jittered(task, stays, own.ttl_jitter_ratio, own.jitter)
    mine.number = 0
    mine.answer, mine.took = task.answer, m.now - asked_at
    if own.is_awaited:
        yield put(m, task, own, own.latency, _SET)
    else:
        _set_behind(m, task, own, mine)
    return GO_UP


@inner
def _set_behind(
    m: State, task: Task, own: RedisWriteLevel, mine: RedisWriteFrame
) -> None:
    """Let the answer go on, and something else set it."""
    stay_active(m, task, own, m.now + draw_next(m, task, own.latency, mine))
    sends = messenger(m, task, own)
    its = RedisWriteFrame(m, frame(sends, own).at)
    its.number, its.stays = 0, mine.stays
    its.answer, its.took = mine.answer, mine.took
    put(m, sends, own, own.latency, _SET)


@inner
def _set(m: State, task: Task, own: RedisWriteLevel, mine: RedisWriteFrame) -> None:
    value = set_in(m, RedisStore(m, m.redis.store), task.key)
    value.answer, value.took = mine.answer, mine.took
    _date(value, own, m.now, mine.stays)
    note_set(m, task.key)


@inner
def _date(value: RedisValue, own: RedisWriteLevel, set_at: int, stays: int) -> None:
    """Say when a value that is set at an instant is refreshed, and gone."""
    value.expires = expires_at(set_at, stays)
    value.soft_until = clock.NEVER_NS
    if own.soft_ttl_ns != NOBODY and value.answer.status < 400:
        value.soft_until = set_at + own.soft_ttl_ns


def fill(
    own: RedisWriteLevel,
    layer: RedisWrite,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    begin_server(parameters)
    store, held = layer_store(layer, layer.ttl_ns, context, parameters)
    parameters.state.redis.store = store.at
    for value in held:
        _date(value, own, value.answer.generated, layer.ttl_ns)
    own.latency = parameters.sampler(context.sampler(layer.latency, "latency"))
    parameters.counter(own, "redis_commands", "commands")
    own.jitter = parameters.key_of(context.stream("ttl_jitter"))
    own.error_ttl = parameters.error_ttl(layer.error_ttl)
    own.is_awaited = layer.acknowledge == "await"


_SET: Final = commands.add(_set)
