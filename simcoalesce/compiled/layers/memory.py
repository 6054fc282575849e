"""memory, as `model.layers.memory` has it."""

from typing import Final

from simcoalesce.compiled.hash_table import find, insert, table_key_of
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.lifetime import lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import (
    DOWN,
    GO_DOWN,
    GO_UP,
    AnswerRecord,
    Level,
    State,
    Task,
)
from simcoalesce.compiled.tasks import be_hit
from simcoalesce.model.layers.memory import Memory
from simcoalesce.outcomes import Lookup

_HIT: Final = int(Lookup.HIT)


class MemoryLevel(Level):
    """What the layer is told."""

    ttl_ns: int
    error_ttl: int


class KeptAnswer(Record):
    """An answer that is kept."""

    expires: int
    answer: AnswerRecord


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
    task.answer = kept.answer
    be_hit(task.answer, own.served_by, _HIT)
    return GO_UP


@inner
def _keep(m: State, task: Task, table_key: int, kept: KeptAnswer, expires: int) -> None:
    if not kept:
        kept = KeptAnswer(m, m.top)
        m.top += KeptAnswer.width
        insert(m, table_key, kept.at)
    kept.expires, kept.answer = expires, task.answer


def fill(own: MemoryLevel, layer: Memory, parameters: Parameters) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    own.error_ttl = parameters.error_ttl(layer.error_ttl)
