"""redis.read, as `model.layers.redis_read` and `model.refresher` have it."""

from typing import Final

from simcoalesce.compiled.hash_table import block_of, table_key_of
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.redis import (
    REFRESH,
    begin_server,
    expires_at,
    free,
    keep,
    lock_of,
    new_token,
    take,
)
from simcoalesce.compiled.redis_client import (
    ClientFrame,
    ClientLevel,
    ask,
    commands,
    put,
)
from simcoalesce.compiled.redis_store import RedisValue, hit, looked_up
from simcoalesce.compiled.state import GO_DOWN, GO_UP, SamplerRecord, State, Task
from simcoalesce.compiled.tasks import (
    draw,
    for_nobody,
    handovers,
    new_task_for,
    run_first,
)
from simcoalesce.model.freshness import xfetch_sampler
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.redis_read import RedisRead
from simcoalesce.units import NS_PER_S

_GONE, _IF_ERROR, _FRESH, _EARLY, _STALE = range(5)
_HIT_LOOKUP, _STALE_LOOKUP = 1, 2


class RedisReadLevel(ClientLevel):
    """What the layer is told."""

    lock_latency: SamplerRecord
    stale_if_error_ns: int
    refreshes_in_foreground: bool
    is_global: bool
    """Whether a lock in Redis lets one refresh."""
    is_one: bool
    """Whether each instance refreshes a key once at a time."""
    refresh_lock_ttl_ns: int
    back_off_ns: int
    beta: float
    xfetch: Link[SamplerRecord]


class RedisReadFrame(ClientFrame):
    """What it keeps of a task."""

    looked_at: int
    found: RedisValue
    freshness: int
    is_refreshing: bool
    """Whether it fetches as the one that its instance lets refresh."""


class RefreshGuard(Record):
    """Who refreshes a key in an instance, and until when nobody does."""

    is_refreshing: bool
    failed_until: int


@inner
def step(m: State, task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> Steps:
    """Look a key up in Redis; only a miss goes on."""
    mine.number, mine.is_refreshing = 0, False
    if not _only_refreshes(task, own):
        yield ask(m, task, own, own.latency, _GET)
        mine.freshness = _freshness(m, task, own, mine)
        if mine.freshness <= _IF_ERROR:
            yield GO_DOWN
            return _stand_in(task, own, mine)
        _hit(task, own, mine)
        if mine.freshness == _FRESH:
            return GO_UP
        if not own.refreshes_in_foreground:
            yield run_first(m, task, own, _new_refresh(m, task, own))
            return GO_UP
    mine.number = 1
    if own.is_global:
        yield ask(m, task, own, own.lock_latency, _LOCK)
    else:
        _enter(m, task, own, mine)
    if mine.token:
        mine.is_refreshing = True
        yield GO_DOWN
        mine.is_refreshing = False
        if own.is_global:
            yield put(m, task, own, own.lock_latency, _end_of(task, own))
        else:
            _leave(m, task, own)
        _hide_error(task, own, mine)
    return GO_UP


@inner
def _get(m: State, task: Task, mine: RedisReadFrame) -> None:
    mine.looked_at, mine.found = m.now, looked_up(m, task.key)


@inner
def _freshness(m: State, task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> int:
    """Say what may be done with what was found, as `model.freshness` does."""
    found, looked_at = mine.found, mine.looked_at
    if not found.is_held:
        return _GONE
    if looked_at >= found.expires:
        is_near = looked_at < found.expires + own.stale_if_error_ns
        return _IF_ERROR if is_near else _GONE
    if looked_at >= found.soft_until:
        return _STALE
    if not own.xfetch:
        return _FRESH
    early = found.took * own.beta * (draw(m, own.xfetch, task) / NS_PER_S)
    return _EARLY if looked_at + early >= found.expires else _FRESH


@inner
def _hit(task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> None:
    is_in_time = _FRESH <= mine.freshness <= _EARLY
    lookup = _HIT_LOOKUP if is_in_time else _STALE_LOOKUP
    hit(task, mine.found.answer, own.served_by, lookup)


@inner
def _stand_in(task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> int:
    """Let the old value stand in for an error that stale-if-error covers."""
    status = task.answer.status
    is_covered = status == 500 or 502 <= status <= 504
    if mine.freshness == _IF_ERROR and is_covered:
        _hit(task, own, mine)
    return GO_UP


@inner
def _hide_error(task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> None:
    if task.answer.status >= 400:
        _hit(task, own, mine)


@inner
def _only_refreshes(task: Task, own: RedisReadLevel) -> bool:
    """Whether a task was begun to refresh a key here, and nobody waits for it."""
    return task.base == own.number and task.ends == _REFRESHED


@inner
def _new_refresh(m: State, task: Task, own: RedisReadLevel) -> Task:
    m.usage.worker_runs -= own.is_worker  # it is no run of its own
    return new_task_for(m, task, own.number, _REFRESHED, NOBODY)


@inner
def _lock(m: State, task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> None:
    token, until = new_token(m), expires_at(m.now, own.refresh_lock_ttl_ns)
    is_mine = take(m, lock_of(m, REFRESH, task.key), token, until)
    mine.token = token if is_mine else 0


@inner
def _end_of(task: Task, own: RedisReadLevel) -> int:
    """Return what becomes of the lock after a refresh."""
    is_kept = task.answer.status >= 400 and own.back_off_ns > 0
    return _KEEP if is_kept else _FREE


@inner
def _free(m: State, task: Task, mine: RedisReadFrame) -> None:
    free(lock_of(m, REFRESH, task.key), mine.token)


@inner
def _keep(m: State, task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> None:
    until = expires_at(m.now, own.back_off_ns)
    keep(lock_of(m, REFRESH, task.key), mine.token, until)


@inner
def _guard_of(m: State, task: Task, own: RedisReadLevel) -> RefreshGuard:
    table_key = table_key_of(own, domain_of(m, task, own), task.key)
    return RefreshGuard(m, block_of(m, table_key, RefreshGuard.width))


@inner
def _enter(m: State, task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> None:
    """Let a task refresh its key, if its instance lets it; its token says so."""
    guard = _guard_of(m, task, own)
    is_another = own.is_one and guard.is_refreshing
    mine.token = not is_another and m.now >= guard.failed_until
    if mine.token:
        guard.is_refreshing = True


@inner
def _leave(m: State, task: Task, own: RedisReadLevel) -> None:
    guard = _guard_of(m, task, own)
    guard.is_refreshing = False
    if own.back_off_ns and task.answer.status >= 400:
        guard.failed_until = m.now + own.back_off_ns


@inner
def close(m: State, task: Task, own: RedisReadLevel, mine: RedisReadFrame) -> bool:
    """Let the next one refresh; a lock in Redis is left until it is free by itself."""
    if mine.is_refreshing and not own.is_global:
        _guard_of(m, task, own).is_refreshing = False
    return False


def fill(
    own: RedisReadLevel,
    layer: RedisRead,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    begin_server(parameters)
    own.served_by = parameters.code_of(layer.served_by)
    own.latency = parameters.sampler(context.sampler(layer.latency, "latency"))
    lock_latency = context.sampler(layer.latency, "lock_latency")
    own.lock_latency = parameters.sampler(lock_latency)
    parameters.counter(own, "redis_commands", "commands")
    own.is_global = layer.deduplicates_by == "global"
    own.is_one = layer.deduplicates_by == "isolate"
    if layer.xfetch is not None:
        own.beta = layer.xfetch.beta
        own.xfetch = parameters.sampler(xfetch_sampler(context))


_GET: Final = commands.add(_get)
_LOCK: Final = commands.add(_lock)
_FREE: Final = commands.add(_free)
_KEEP: Final = commands.add(_keep)
_REFRESHED: Final = handovers.add(for_nobody)
