"""memory, as `model.layers.memory` has it."""

from simcoalesce.compiled import layout
from simcoalesce.compiled.hash_table import find, insert, table_key_of
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.lifetime import lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import at, domain_of
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.memory import Memory

TTL, ERROR_TTL = 3, 4

_EXPIRES, _STATUS, _GENERATED, _VERSION, _RETRY_AFTER = range(5)
_KEPT_WIDTH = 5


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """Keep answers where the layer stands: in the isolate, or in the object."""
    is_back = entry != layout.DOWN
    stays = (
        lifetime(m, task, m[at(level) + TTL], m[at(level) + ERROR_TTL])
        if is_back
        else 0
    )
    if is_back and not stays:
        return layout.GO_UP
    table_key = table_key_of(level, domain_of(m, task, level), m[task + layout.KEY])
    kept = find(m, table_key)
    if is_back:
        _keep(m, task, table_key, kept, stays)
        return layout.GO_UP
    if kept == layout.NOBODY or m[layout.NOW] >= m[kept + _EXPIRES]:
        return layout.GO_DOWN
    _serve(m, task, level, kept)
    return layout.GO_UP


@inner
def _keep(m: Numbers, task: int, table_key: int, kept: int, stays: int) -> None:
    if kept == layout.NOBODY:
        kept = m[layout.TOP]
        m[layout.TOP] += _KEPT_WIDTH
        insert(m, table_key, kept)
    m[kept + _EXPIRES] = m[layout.NOW] + stays
    m[kept + _STATUS] = m[task + layout.STATUS]
    m[kept + _GENERATED] = m[task + layout.GENERATED]
    m[kept + _VERSION] = m[task + layout.VERSION]
    m[kept + _RETRY_AFTER] = m[task + layout.RETRY_AFTER]


@inner
def _serve(m: Numbers, task: int, level: int, kept: int) -> None:
    m[task + layout.STATUS] = m[kept + _STATUS]
    m[task + layout.LOOKUP] = 1
    m[task + layout.ROLE] = 0
    m[task + layout.SERVED_BY] = m[at(level) + layout.CODE]
    m[task + layout.GENERATED] = m[kept + _GENERATED]
    m[task + layout.ATTEMPTS] = 1
    m[task + layout.VERSION] = m[kept + _VERSION]
    m[task + layout.CACHEABLE] = 1
    m[task + layout.RETRY_AFTER] = m[kept + _RETRY_AFTER]


def encode(
    layer: Memory,
    context: LayerContext,  # noqa: ARG001 - as all of them
    level: int,
    parameters: Parameters,
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    row[layout.CODE], row[TTL] = parameters.code_of(layer.served_by), layer.ttl_ns
    row[ERROR_TTL] = parameters.error_ttl(layer.error_ttl)
