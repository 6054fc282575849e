"""Values in Redis: stores of one instance for all."""

import numpy as np

from simcoalesce.compiled.bounded_store import (
    StoredRecord,
    StoreRecord,
    fill_store,
    hold,
    use,
)
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, fields_of
from simcoalesce.compiled.state import AnswerRecord, State, Task
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.storing_layer import StoringLayer

_FOLLOWER = 2


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
    initial, held = layer.initial, []
    answers = [] if initial is None else initial.answers(context, 0, ttl_ns)
    for key, answer in answers:
        value = parameters.written(RedisValue, store.values + key * RedisValue.width)
        hold(store, value)
        for name, number in zip(fields_of(AnswerRecord), answer, strict=False):
            setattr(value.answer, name, number)
        held.append(value)
    return store, held
