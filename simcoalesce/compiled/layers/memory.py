"""memory, as `model.layers.memory` has it."""

from typing import Final

from simcoalesce.compiled.bounded_store import (
    StoredRecord,
    StoreRecord,
    fill_store,
    hold,
    use,
)
from simcoalesce.compiled.hash_table import block_of, table_key_of
from simcoalesce.compiled.initial import (
    InitialRecord,
    fill_initial,
    held_answer,
    is_held,
)
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.lifetime import jittered, lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Record
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
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.memory import Memory
from simcoalesce.outcomes import Lookup

_HIT: Final = int(Lookup.HIT)


class MemoryLevel(Level):
    """What the layer is told."""

    ttl_ns: int
    error_ttl: int
    is_tracked: bool
    """Whether Redis tells it that a key is set, or has expired."""
    ttl_jitter_ratio: float
    jitter: Word
    initial: InitialRecord
    empty: StoreRecord
    """How each store begins; if none can be full, it stands for all of them."""


class MemoryStore(Record):
    """The store of an isolate or an object; zeros if it was never asked."""

    store: StoreRecord


class KeptAnswer(StoredRecord):
    """What is kept of a key, if it is held."""

    is_known: bool
    """Whether it has been asked for before: what it is at the start is written."""
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
    domain = domain_of(m, task, own)
    store, kept = _store_of(m, own, domain), _kept_of(m, task, own, domain)
    if is_back:
        stays = jittered(task, stays, own.ttl_jitter_ratio, own.jitter)
        hold(store, kept)
        kept.expires, kept.answer = _until(m, task, own, m.now + stays), task.answer
        kept.sets = _sets(m, task, own)
        return GO_UP
    use(store, kept)
    is_fresh = kept.is_held and m.now < kept.expires
    if not is_fresh or kept.sets != _sets(m, task, own):
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
def _store_of(m: State, own: MemoryLevel, domain: int) -> StoreRecord:
    if own.empty.most == NOBODY:
        return own.empty
    # Behind the last of the keys.
    table_key = table_key_of(own, domain, m.keys)
    its = MemoryStore(m, block_of(m, table_key, MemoryStore.width))
    if not its.store.most:
        its.store = own.empty
    return its.store


@inner
def _kept_of(m: State, task: Task, own: MemoryLevel, domain: int) -> KeptAnswer:
    table_key = table_key_of(own, domain, task.key)
    kept = KeptAnswer(m, block_of(m, table_key, KeptAnswer.width))
    if not kept.is_known:
        kept.is_known = True
        if is_held(m, own.initial, task.key):
            ttl = own.ttl_ns
            made = held_answer(m, own.initial, kept.answer, task.key, domain, ttl)
            kept.is_held, kept.expires = True, made + ttl
    return kept


def fill(
    own: MemoryLevel, layer: Memory, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    own.error_ttl = parameters.error_ttl(layer.error_ttl)
    own.is_tracked = layer.invalidation == "tracking"
    if own.is_tracked:
        track(parameters)
    own.jitter = parameters.key_of(context.stream("ttl_jitter"))
    fill_initial(own.initial, layer.initial, context, parameters)
    fill_store(own.empty, layer)
