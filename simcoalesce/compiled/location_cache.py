"""Cache of a location, as `model.location_cache` and `model.store` have it."""

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
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.state import AnswerRecord, State, Task
from simcoalesce.compiled.tasks import be_hit
from simcoalesce.compiled.tier import TieredLevel, fill_tiers, tier_of
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import FIRST_ERROR
from simcoalesce.model.location_cache import CachingLayer, HttpCache
from simcoalesce.outcomes import Lookup
from simcoalesce.units import NS_PER_S

HIT: Final = int(Lookup.HIT)
STALE: Final = int(Lookup.STALE)
_LEADER, _FOLLOWER = 1, 2


class CacheLevel(TieredLevel):
    """What every such layer is told."""

    ttl_ns: int
    error_ttl: int
    counts_age: bool
    whole_seconds: bool
    keeps_last_second: bool
    clock_offset_ns: int
    stores_expired: bool
    counts_seconds_of_fetch: bool
    """Whether whole seconds of a fetch count towards the age of its answer."""
    counts_seconds_passed: bool
    """Whether the seconds of the clock that end meanwhile do."""
    initial: InitialRecord
    stores: int
    """Where the stores of its tiers are, one behind the other."""


class CachedAnswer(StoredRecord):
    """What is kept of a key, if it is held."""

    is_known: bool
    """Whether it has been asked for before: what it is at the start is written."""
    store: Link[StoreRecord]
    stored_at: int
    expires: int
    answer: AnswerRecord


@inner
def cached_at(m: State, task: Task, own: CacheLevel, width: int) -> CachedAnswer:
    """Return what the cache that a task asks has of its key: a record of a width."""
    tier = tier_of(m, task, own)
    cached = CachedAnswer(m, block_of(m, table_key_of(own, tier, task.key), width))
    if not cached.is_known:
        cached.is_known = True
        cached.store = StoreRecord(m, own.stores + tier * StoreRecord.width)
        if is_held(m, own.initial, task.key):
            made = held_answer(
                m, own.initial, cached.answer, task.key, tier, own.ttl_ns
            )
            hold(cached.store, cached)
            cached.stored_at = made
            cached.expires = expires_at(own, made, made, own.ttl_ns)
    return cached


@inner
def is_fresh(m: State, cached: CachedAnswer) -> bool:
    """Return whether something is kept that may be served now; it is used by that."""
    return is_kept(cached) and m.now < cached.expires


@inner
def is_kept(cached: CachedAnswer) -> bool:
    """Return whether something is kept, expired or not; it is used by that."""
    use(cached.store, cached)
    return cached.is_held


@inner
def serve(task: Task, own: CacheLevel, cached: CachedAnswer, lookup: int) -> None:
    """Give a task what is kept, fresh or stale."""
    task.answer = cached.answer
    be_hit(task.answer, own.served_by, lookup)
    if task.answer.stored_at == NOBODY:
        task.answer.stored_at = cached.stored_at


@inner
def follow(task: Task, answer: AnswerRecord) -> None:
    """Give a task an answer for which it has waited."""
    task.answer = answer
    task.answer.role, task.answer.attempts = _FOLLOWER, 1


@inner
def lead(task: Task) -> None:
    """Make the answer of a task that of the one that fetched it."""
    if task.answer.role == 0:
        task.answer.role = _LEADER


@inner
def keep(
    m: State, task: Task, own: CacheLevel, cached: CachedAnswer, called: int, came: int
) -> bool:
    """Keep the answer of a task, if it may be kept; say whether it is.

    Args:
        m: The state.
        task: Whose answer it is.
        own: The level.
        cached: Where to keep it.
        called: When it was asked for.
        came: When its headers came: lifetimes count from then.
    """
    fresh = said_lifetime(m, task.answer, own.ttl_ns, own.error_ttl)
    if fresh == NOBODY:
        return False
    fresh = max(fresh - age_of(own, task.answer, came), 0)
    if fresh == 0 and not own.stores_expired:
        return False
    expires = expires_at(own, came, called, fresh) if fresh else came
    hold(cached.store, cached)
    cached.answer, cached.stored_at, cached.expires = task.answer, came, expires
    return True


@inner
def said_lifetime(m: State, answer: AnswerRecord, ttl_ns: int, error_ttl: int) -> int:
    """Return how long an answer is fresh; NOBODY if it may not be stored."""
    if not answer.cacheable:
        return NOBODY
    if answer.status < FIRST_ERROR:
        return ttl_ns if answer.max_age == NOBODY else answer.max_age
    stays = m[error_ttl + answer.status - FIRST_ERROR] if error_ttl != NOBODY else 0
    return stays or NOBODY


@inner
def age_of(own: CacheLevel, answer: AnswerRecord, came: int) -> int:
    """Return how old an answer is when it comes."""
    if not own.counts_age or answer.stored_at == NOBODY:
        return 0
    age = came - answer.stored_at
    return age // NS_PER_S * NS_PER_S if own.whole_seconds else age


@inner
def expires_at(own: CacheLevel, stored: int, called: int, fresh: int) -> int:
    """Return when an answer is no longer fresh."""
    if not own.whole_seconds:
        return stored + fresh
    offset = own.clock_offset_ns
    second = (stored + offset) // NS_PER_S
    ends = second + own.keeps_last_second
    if own.counts_seconds_of_fetch:
        ends -= (stored - called) // NS_PER_S
    if own.counts_seconds_passed:
        ends -= second - (called + offset) // NS_PER_S
    return ends * NS_PER_S - offset + fresh


def fill_cache(
    own: CacheLevel,
    layer: HttpCache,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what every such layer is told beside its fields."""
    own.served_by = parameters.code_of(layer.served_by)
    if isinstance(layer, CachingLayer):
        own.error_ttl = parameters.error_ttl(layer.error_ttl)
    fill_tiers(own, layer, context, parameters)
    stores = parameters.records(StoreRecord, max(layer.tier_at(context)) + 1)
    own.stores = stores[0].at
    for store in stores:
        fill_store(store, layer)
    fill_initial(own.initial, layer.initial, context, parameters)
