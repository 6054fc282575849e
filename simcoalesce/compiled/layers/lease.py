"""lease, as `model.layers.lease`, `model.leases` and `model.leased_fetch` have it."""

from typing import Final

from simcoalesce.compiled.kernel import Steps, Word, inner
from simcoalesce.compiled.lifetime import jittered, lifetime
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.polling import PollingLevel, fill_polling, gives_up_at, poll
from simcoalesce.compiled.record import Link
from simcoalesce.compiled.redis import (
    LEASE,
    expires_at,
    free,
    is_held,
    lock_of,
    new_token,
    take,
)
from simcoalesce.compiled.redis_client import ClientFrame, ask, commands, messenger, put
from simcoalesce.compiled.redis_store import (
    RedisStore,
    follow,
    hit,
    layer_store,
    looked_up_in,
    set_in,
)
from simcoalesce.compiled.state import GO_DOWN, GO_UP, AnswerRecord, State, Task
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.lease import Lease

_HIT_LOOKUP, _STALE_LOOKUP, _LEADER = 1, 2, 1

# What a look-up gives.
_NOTHING, _IS_LEASED, _OLD_VALUE, _VALUE = range(4)


class LeaseLevel(PollingLevel):
    """What the layer is told."""

    store: Link[RedisStore]
    ttl_ns: int
    ttl_jitter_ratio: float
    jitter: Word
    """The key of the draws of it."""
    error_ttl: int
    lease_ttl_ns: int
    stale_ttl_ns: int
    gives_back: bool
    refused: int
    """How many sets came without a lease."""


class LeaseFrame(ClientFrame):
    """What it keeps of a task."""

    has: int
    """What its last look-up gave."""
    has_waited: bool
    fetches: bool
    """Whether it fetches with a lease."""
    stays: int
    fetched: AnswerRecord


@inner
def step(m: State, task: Task, own: LeaseLevel, mine: LeaseFrame) -> Steps:
    """Find a value, or fetch it with a lease, or wait for who has that."""
    mine.number, mine.token, mine.fetches = 0, new_token(m), False
    yield ask(m, task, own, own.latency, _GET)
    gives_up, mine.has_waited = gives_up_at(m, own), False
    while mine.has == _NOTHING and m.now < gives_up:
        mine.has_waited = True
        yield poll(m, task, own, mine)
        yield ask(m, task, own, own.latency, _GET)
    if mine.has >= _OLD_VALUE:
        _serve(task, own, mine)
        return GO_UP
    own.ended += mine.has == _NOTHING
    mine.fetches = mine.has == _IS_LEASED
    yield GO_DOWN
    if mine.fetches:
        mine.fetches = False
        command = _fill_in(m, task, own, mine)
        if mine.stays or own.gives_back:
            yield put(m, task, own, own.latency, command)
        task.answer.role = task.answer.role or _LEADER
    return GO_UP


@inner
def _get(m: State, task: Task, own: LeaseLevel, mine: LeaseFrame) -> None:
    """Give a value, or lease it, or give an old one, in one step."""
    value, mine.has = looked_up_in(m, own.store, task.key), _NOTHING
    until = expires_at(m.now, own.lease_ttl_ns)
    if value.is_held and m.now < value.expires:
        mine.has = _VALUE
    elif take(m, lock_of(m, LEASE, task.key), mine.token, until):
        mine.has = _IS_LEASED
    elif value.is_held and m.now < value.expires + own.stale_ttl_ns:
        mine.has = _OLD_VALUE
    if mine.has >= _OLD_VALUE:
        task.answer = value.answer


@inner
def _serve(task: Task, own: LeaseLevel, mine: LeaseFrame) -> None:
    """Serve the value that was found."""
    if mine.has == _OLD_VALUE:
        hit(task, task.answer, own.served_by, _STALE_LOOKUP)
    elif mine.has_waited:
        follow(task, task.answer)
    else:
        hit(task, task.answer, own.served_by, _HIT_LOOKUP)


@inner
def _fill_in(m: State, task: Task, own: LeaseLevel, mine: LeaseFrame) -> int:
    """Return what is sent after a fetch: a set, or the lease back."""
    stays = lifetime(m, task, own.ttl_ns, own.error_ttl)
    mine.stays = jittered(task, stays, own.ttl_jitter_ratio, own.jitter)
    mine.fetched = task.answer
    return _SET if mine.stays else _GIVE_BACK


@inner
def _set(m: State, task: Task, own: LeaseLevel, mine: LeaseFrame) -> None:
    """Set a value and end its lease, if that is still the task's."""
    lease = lock_of(m, LEASE, task.key)
    if not is_held(m, lease, mine.token):
        own.refused += 1
        return
    value = set_in(m, own.store, task.key)
    value.answer = mine.fetched
    value.expires = expires_at(m.now, mine.stays)
    free(lease, mine.token)


@inner
def _give_back(m: State, task: Task, mine: LeaseFrame) -> None:
    free(lock_of(m, LEASE, task.key), mine.token)


@inner
def close(m: State, task: Task, own: LeaseLevel, mine: LeaseFrame) -> bool:
    """Give back the lease of one whose client has left."""
    if mine.fetches and own.gives_back:
        put(m, messenger(m, task, own), own, own.latency, _GIVE_BACK)
    return False


def fill(
    own: LeaseLevel, layer: Lease, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.store, held = layer_store(layer, layer.ttl_ns, context, parameters)
    for value in held:
        value.expires = expires_at(value.answer.generated, layer.ttl_ns)
    fill_polling(own, layer, context, parameters)
    parameters.counter(own, "lease_waits_ended", "ended")
    parameters.counter(own, "late_sets_refused", "refused")
    own.jitter = parameters.key_of(context.stream("ttl_jitter"))
    own.error_ttl = parameters.error_ttl(layer.error_ttl)


_GET: Final = commands.add(_get)
_SET: Final = commands.add(_set)
_GIVE_BACK: Final = commands.add(_give_back)
