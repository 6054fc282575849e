"""memory, as `model.layers.memory` has it."""

from typing import Final

from simcoalesce.compiled.hash_table import find, insert, table_key_of
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.lifetime import lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.redis import sets_of, track
from simcoalesce.compiled.redis_store import looked_up
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
    is_tracked: bool
    """Whether Redis tells it that a key is set, or has expired."""


class KeptAnswer(Record):
    """An answer that is kept."""

    expires: int
    answer: AnswerRecord
    sets: int
    """How often Redis had set the key."""


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
        expires = _until(m, task, own, m.now + stays)
        _keep(m, task, own, table_key, kept, expires)
        return GO_UP
    if not kept or m.now >= kept.expires or kept.sets != _sets(m, task, own):
        return GO_DOWN
    task.answer = kept.answer
    be_hit(task.answer, own.served_by, _HIT)
    return GO_UP


@inner
def _until(m: State, task: Task, own: MemoryLevel, until: int) -> int:
    """Return until when it keeps an answer: no longer than Redis, if it is told."""
    if not own.is_tracked:
        return until
    value = looked_up(m, task.key)
    return min(until, value.expires) if value.is_held else m.now


@inner
def _sets(m: State, task: Task, own: MemoryLevel) -> int:
    return sets_of(m, task.key) if own.is_tracked else 0


@inner
def _keep(
    m: State,
    task: Task,
    own: MemoryLevel,
    table_key: int,
    kept: KeptAnswer,
    expires: int,
) -> None:
    if not kept:
        kept = KeptAnswer(m, m.top)
        m.top += KeptAnswer.width
        insert(m, table_key, kept.at)
    kept.expires, kept.answer = expires, task.answer
    kept.sets = _sets(m, task, own)


def fill(own: MemoryLevel, layer: Memory, parameters: Parameters) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    own.error_ttl = parameters.error_ttl(layer.error_ttl)
    own.is_tracked = layer.invalidation == "tracking"
    if own.is_tracked:
        track(parameters)
