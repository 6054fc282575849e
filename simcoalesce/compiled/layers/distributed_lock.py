"""distributed_lock, as `model.layers.distributed_lock` and `locked_fetch` have it."""

from typing import Final, get_args

from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.polling import PollingLevel, fill_polling, gives_up_at, poll
from simcoalesce.compiled.redis import (
    LOCK,
    free,
    is_held,
    keep,
    lock_of,
    lock_until,
    new_token,
    take,
)
from simcoalesce.compiled.redis_client import ClientFrame, ask, commands, messenger, put
from simcoalesce.compiled.redis_store import follow, hit, is_fresh, looked_up
from simcoalesce.compiled.state import GO_DOWN, GO_UP, State, Task
from simcoalesce.compiled.tasks import set_failure
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.distributed_lock import DistributedLock
from simcoalesce.model.locked_fetch import Asks, OnTimeout, Release

_ASKS: Final = get_args(Asks)
_ON_TIMEOUT: Final = get_args(OnTimeout)
_RELEASE: Final = get_args(Release)
_VALUE, _LOCK_ITSELF = _ASKS.index("value"), _ASKS.index("lock")
_ERROR, _STALE, _RETRY = map(_ON_TIMEOUT.index, ("error", "stale", "retry_lock"))
_PLAIN, _NONE = _RELEASE.index("plain"), _RELEASE.index("none")
_STALE_LOOKUP, _LEADER = 2, 1
_BEGINS, _SLEEPS, _LOOKS, _TAKES, _IS_DONE = range(5)


class DistributedLockLevel(PollingLevel):
    """What the layer is told; of its words, which one it is."""

    lock_ttl_ns: int
    asks_for: int
    then: int
    """What it does when its time is over."""
    recheck: bool
    freed: int
    """How it frees a lock."""
    heartbeat: bool
    """Whether a holder renews its lock until it frees it."""
    lost: int
    """How many locks expired before the fetch under them had ended."""


class DistributedLockFrame(ClientFrame):
    """What it keeps of a task."""

    does: int
    """What it does to get the value or the lock: one after the other."""
    gives_up: int
    has_found: bool
    holds: bool
    """Whether it knows that it has the lock, and has not freed it."""


@inner
def step(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> Steps:
    """Get the lock and fetch, or wait for who has it."""
    mine.number, mine.has_found, mine.holds = 0, False, False
    mine.does = _BEGINS
    while mine.does != _IS_DONE:
        yield _do(m, task, own, mine)
        mine.does = _does_next(m, own, mine)
    if not mine.token:
        if not mine.has_found and not _is_given_up(m, task, own):
            yield GO_DOWN
        return GO_UP
    _hold(m, task, own, mine)
    if own.recheck:
        yield ask(m, task, own, own.latency, _LOOK)
    if not mine.has_found:
        yield GO_DOWN
        _lead(m, task, own, mine)
    mine.holds = False
    if _sends_free(m, task, own, mine):
        yield put(m, task, own, own.latency, _FREE)
    return GO_UP


@inner
def _do(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> int:
    if mine.does == _SLEEPS:
        return poll(m, task, own, mine)
    return ask(m, task, own, own.latency, _LOOK if mine.does == _LOOKS else _TAKE)


@inner
def _does_next(m: State, own: DistributedLockLevel, mine: DistributedLockFrame) -> int:
    """Return what a task does that has slept, looked, or tried the lock."""
    if mine.token or mine.has_found:
        return _IS_DONE
    if mine.does == _SLEEPS and own.asks_for != _LOCK_ITSELF:
        return _LOOKS
    if _SLEEPS <= mine.does <= _LOOKS and own.asks_for != _VALUE:
        return _TAKES
    if mine.does == _BEGINS:
        mine.gives_up = gives_up_at(m, own)
    if m.now < mine.gives_up:
        return _SLEEPS
    own.ended += 1
    return _BEGINS if own.then == _RETRY else _IS_DONE


@inner
def _look(m: State, task: Task, mine: DistributedLockFrame) -> None:
    value = looked_up(m, task.key)
    mine.has_found = is_fresh(m, value)
    if mine.has_found:
        follow(task, value.answer)


@inner
def _take(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> None:
    token, until = new_token(m), lock_until(m, own.lock_ttl_ns)
    is_mine = take(m, lock_of(m, LOCK, task.key), token, until)
    mine.token = token if is_mine else 0


@inner
def _hold(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> None:
    mine.holds = True
    if own.heartbeat:
        keep(lock_of(m, LOCK, task.key), mine.token, clock.NEVER_NS)


@inner
def _lead(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> None:
    """Come back with what was fetched under the lock, if it was not lost."""
    task.answer.role = task.answer.role or _LEADER
    own.lost += not is_held(m, lock_of(m, LOCK, task.key), mine.token)


@inner
def _sends_free(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> bool:
    """Whether a lock is freed; if not, nobody puts off its expiry any more."""
    if own.freed == _NONE and own.heartbeat:
        until = lock_until(m, own.lock_ttl_ns)
        keep(lock_of(m, LOCK, task.key), mine.token, until)
    return own.freed != _NONE


@inner
def _free(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> None:
    lock = lock_of(m, LOCK, task.key)
    free(lock, lock.token if own.freed == _PLAIN else mine.token)


@inner
def _is_given_up(m: State, task: Task, own: DistributedLockLevel) -> bool:
    """Answer without the lock, unless it is to fetch; say whether."""
    value = looked_up(m, task.key)
    if own.then == _STALE and value.is_held:
        hit(task, value.answer, own.served_by, _STALE_LOOKUP)
        return True
    if own.then == _ERROR:
        set_failure(m, task, 503, 0, own.served_by)
        return True
    return False


@inner
def close(
    m: State, task: Task, own: DistributedLockLevel, mine: DistributedLockFrame
) -> bool:
    """Free the lock of one whose client has left, as a `finally` does."""
    if mine.holds and _sends_free(m, task, own, mine):
        put(m, messenger(m, task, own), own, own.latency, _FREE)
    return False


def fill(
    own: DistributedLockLevel,
    layer: DistributedLock,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_polling(own, layer, context, parameters)
    parameters.counter(own, "lock_waits_ended", "ended")
    parameters.counter(own, "locks_lost", "lost")
    own.asks_for = _ASKS.index(layer.asks)
    own.then = _ON_TIMEOUT.index(layer.on_timeout)
    own.freed = _RELEASE.index(layer.release)


_LOOK: Final = commands.add(_look)
_TAKE: Final = commands.add(_take)
_FREE: Final = commands.add(_free)
