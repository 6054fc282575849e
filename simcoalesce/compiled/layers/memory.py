"""memory, as `model.layers.memory` has it."""

from simcoalesce.compiled.hash_table import find, insert, table_key_of
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.lifetime import lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import DOWN, GO_DOWN, GO_UP, Level, State, Task
from simcoalesce.model.layers.memory import Memory


class MemoryLevel(Level):
    """What the layer is told."""

    ttl_ns: int
    error_ttl: int


class KeptAnswer(Record):
    """An answer that is kept."""

    expires: int
    status: int
    generated: int
    version: int
    retry_after: int


@inner
def step(m: State, task: Task, own: MemoryLevel, entry: int) -> int:
    """Keep answers where the layer stands: in the isolate, or in the object."""
    is_back = entry != DOWN
    stays = lifetime(m, task, own.ttl_ns, own.error_ttl) if is_back else 0
    if is_back and not stays:
        return GO_UP
    table_key = table_key_of(own, domain_of(m, task, own), task.key)
    kept = KeptAnswer(m, find(m, table_key))
    if is_back:
        _keep(m, task, table_key, kept, m.now + stays)
        return GO_UP
    if not kept or m.now >= kept.expires:
        return GO_DOWN
    answer = task.answer
    answer.status, answer.lookup, answer.role = kept.status, 1, 0
    answer.served_by, answer.generated = own.served_by, kept.generated
    answer.attempts, answer.version = 1, kept.version
    answer.cacheable, answer.retry_after = True, kept.retry_after
    return GO_UP


@inner
def _keep(m: State, task: Task, table_key: int, kept: KeptAnswer, expires: int) -> None:
    if not kept:
        kept = KeptAnswer(m, m.top)
        m.top += KeptAnswer.width
        insert(m, table_key, kept.at)
    answer = task.answer
    kept.expires, kept.status = expires, answer.status
    kept.generated, kept.version = answer.generated, answer.version
    kept.retry_after = answer.retry_after


def fill(own: MemoryLevel, layer: Memory, parameters: Parameters) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    own.error_ttl = parameters.error_ttl(layer.error_ttl)
