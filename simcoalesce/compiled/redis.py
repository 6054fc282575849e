"""Redis server, as `model.redis` has it: its values, and its locks."""

from typing import Final

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Record
from simcoalesce.compiled.redis_store import new_store
from simcoalesce.compiled.state import State
from simcoalesce.model import clock

REFRESH, LOCK, LEASE = range(3)
"""Which of a key's locks."""
_LOCKS: Final = 3
_NS_PER_MS: Final = 1_000_000


class LockRecord(Record):
    """A lock: who took it last, or 0, and until when."""

    token: int
    until: int


@inner
def expires_at(set_at: int, ttl_ns: int) -> int:
    """Return when a key is gone that is set at an instant, in whole milliseconds."""
    last_ms = set_at // _NS_PER_MS + max(ttl_ns // _NS_PER_MS, 1)
    return (last_ms + 1) * _NS_PER_MS


@inner
def lock_until(m: State, ttl_ns: int) -> int:
    """Return until when a lock lasts from now on; for ever if nobody says."""
    return clock.NEVER_NS if ttl_ns == NOBODY else expires_at(m.now, ttl_ns)


@inner
def lock_of(m: State, which: int, key: int) -> LockRecord:
    """Return a lock of a key."""
    return LockRecord(m, m.redis.locks + (key * _LOCKS + which) * LockRecord.width)


@inner
def new_token(m: State) -> int:
    """Return a token that nobody has."""
    m.redis.tokens += 1
    return m.redis.tokens


@inner
def take(m: State, lock: LockRecord, token: int, until: int) -> bool:
    """Take a lock if it is free; say whether it was."""
    if m.now < lock.until:
        return False
    lock.token, lock.until = token, until
    return True


@inner
def is_held(m: State, lock: LockRecord, token: int) -> bool:
    """Whether a lock is still that of a token."""
    return lock.token == token and m.now < lock.until


@inner
def keep(lock: LockRecord, token: int, until: int) -> None:
    """Let a lock last until an instant, if it is that of a token."""
    if lock.token == token:
        lock.until = until


@inner
def free(lock: LockRecord, token: int) -> None:
    """Free a lock, if it is that of a token."""
    if lock.token == token:
        lock.token, lock.until = 0, 0


@inner
def note_set(m: State, key: int) -> None:
    """Tell all who track it that a key is set."""
    if m.redis.sets:
        m[m.redis.sets + key] += 1


@inner
def sets_of(m: State, key: int) -> int:
    """Return how often a key was set, if somebody tracks it."""
    return m[m.redis.sets + key] if m.redis.sets else 0


def begin_server(parameters: Parameters) -> None:
    """Begin with a server that has nothing, unless there is one."""
    state = parameters.state
    if not state.redis.locks:
        state.redis.store = new_store(parameters).at
        state.redis.locks = parameters.reserve(state.keys * _LOCKS * LockRecord.width)


def track(parameters: Parameters) -> None:
    """Tell a level of what the server sets, and has."""
    begin_server(parameters)
    state = parameters.state
    if not state.redis.sets:
        state.redis.sets = parameters.reserve(state.keys)
