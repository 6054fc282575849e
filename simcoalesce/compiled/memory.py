"""memory, as `model.layers.memory` has it."""

from typing import Any

from simcoalesce.compiled.hash_table import find, insert, table_key_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.layout import (
    ATTEMPTS,
    CACHEABLE,
    CODE,
    DOWN,
    GENERATED,
    GO_DOWN,
    GO_UP,
    KEY,
    LOOKUP,
    NOBODY,
    NOW,
    RETRY_AFTER,
    ROLE,
    SERVED_BY,
    STATUS,
    TOP,
    VERSION,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import at, domain_of
from simcoalesce.model.layer import LayerContext
from simcoalesce.model.layers.memory import Memory

TTL = 3

_EXPIRES, _STATUS, _GENERATED, _VERSION, _RETRY_AFTER = range(5)
_KEPT_WIDTH = 5


@inner
def step(m: Any, task: int, level: int, entry: int) -> int:
    """Keep answers where the layer stands: in the isolate, or in the object."""
    is_back = entry != DOWN
    if is_back and (m[task + STATUS] >= 400 or not m[task + CACHEABLE]):
        return GO_UP
    table_key = table_key_of(level, domain_of(m, task, level), m[task + KEY])
    kept = find(m, table_key)
    if is_back:
        _keep(m, task, level, table_key, kept)
        return GO_UP
    if kept == NOBODY or m[NOW] >= m[kept + _EXPIRES]:
        return GO_DOWN
    _serve(m, task, level, kept)
    return GO_UP


@inner
def _keep(m: Any, task: int, level: int, table_key: int, kept: int) -> None:
    if kept == NOBODY:
        kept = m[TOP]
        m[TOP] += _KEPT_WIDTH
        insert(m, table_key, kept)
    m[kept + _EXPIRES] = m[NOW] + m[at(level) + TTL]
    m[kept + _STATUS] = m[task + STATUS]
    m[kept + _GENERATED] = m[task + GENERATED]
    m[kept + _VERSION] = m[task + VERSION]
    m[kept + _RETRY_AFTER] = m[task + RETRY_AFTER]


@inner
def _serve(m: Any, task: int, level: int, kept: int) -> None:
    m[task + STATUS] = m[kept + _STATUS]
    m[task + LOOKUP] = 1
    m[task + ROLE] = 0
    m[task + SERVED_BY] = m[at(level) + CODE]
    m[task + GENERATED] = m[kept + _GENERATED]
    m[task + ATTEMPTS] = 1
    m[task + VERSION] = m[kept + _VERSION]
    m[task + CACHEABLE] = 1
    m[task + RETRY_AFTER] = m[kept + _RETRY_AFTER]


def encode(
    layer: Memory,
    context: LayerContext,  # noqa: ARG001 - as all of them
    level: int,
    parameters: Parameters,
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    row[CODE], row[TTL] = parameters.code_of(layer.served_by), layer.ttl_ns
