"""lock, as `model.layers.lock` has it."""

from typing import Final

from simcoalesce.compiled.detached import (
    FOR_CLIENT,
    DetachedFrame,
    come,
    detach,
    inside,
    is_inside,
    leave,
    start,
)
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.location_cache import (
    HIT,
    STALE,
    CachedAnswer,
    CacheLevel,
    cached_at,
    fill_cache,
    follow,
    is_fresh,
    is_kept,
    keep,
    lead,
    serve,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import END, GO_DOWN, GO_UP, State, Task
from simcoalesce.compiled.tasks import (
    complete,
    for_nobody,
    handovers,
    set_failure,
    sleep,
    wait,
)
from simcoalesce.compiled.tier import go_back, go_there
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.lock import Lock
from simcoalesce.model.lifetime import FIRST_ERROR, LAST_ERROR
from simcoalesce.outcomes import CLIENT_LEFT

_REFRESHES: Final = handovers.add(for_nobody)
_STALES: Final = ("none", "updating", "background")
_NO_STALE, _UPDATING, _BACKGROUND = range(3)
_IS_ANSWERED, _FETCHES, _KEEPS, _LEADS = range(4)


class LockLevel(CacheLevel):
    """What the layer is told."""

    locks: bool
    poll_ns: int
    timeout_ns: int
    age_ns: int
    stales: int
    """Who gets an expired answer, as a number."""
    stale_if_error_ns: int
    stands_in: int
    """Where it says of each error whether an expired answer stands in for it."""
    ignore_client_abort: bool
    turns: int
    """How often a lock has been taken."""


class LockedAnswer(CachedAnswer):
    """What is kept of a key, and its lock."""

    is_taken: bool
    turn: int
    """Whose it is."""
    ages_at: int


class LockFrame(DetachedFrame):
    """What it keeps of a task."""

    gives_up_at: int
    has_looked: bool
    wait_ns: int
    does: int
    """What a task does behind its client."""
    called_at: int
    came_at: int
    turn: int
    kept: CachedAnswer
    """What was there when it called."""
    is_wanted: bool
    is_rescued: bool


@inner
def step(m: State, task: Task, own: LockLevel, mine: LockFrame) -> Steps:
    """Answer from the cache, or begin a task that outlasts its client."""
    come(m, mine)
    cached = LockedAnswer(m, cached_at(m, task, own, LockedAnswer.width).at)
    if is_inside(task, own, _REFRESHES):
        _call(m, own, mine, cached, _LEADS)
    elif is_inside(task, own, FOR_CLIENT):
        mine.gives_up_at, mine.has_looked = m.now + own.timeout_ns, False
        while _must_wait(m, own, mine, cached):
            yield sleep(m, task, own, m.now + mine.wait_ns, clock.START)
        _choose(m, task, own, mine, cached)
        yield start(m, task, own, mine)
    else:
        yield go_there(m, task, own)
        if is_fresh(m, cached):
            serve(task, own, cached, HIT)
        else:
            yield detach(m, task, own, mine)
            yield wait(task, own)
        yield go_back(m, task, own)
        return GO_UP
    if mine.does == _IS_ANSWERED:
        return END
    yield GO_DOWN
    if mine.does == _FETCHES:
        return END
    _come_back(m, task, own, mine)
    yield complete(m, task, own)
    _end(m, task, own, mine, cached)
    return END


@inner
def close(m: State, own: LockLevel, mine: LockFrame) -> bool:
    """Let what fetches for a client go on that has left."""
    return leave(m, own, mine)


@inner
def _must_wait(m: State, own: LockLevel, mine: LockFrame, cached: LockedAnswer) -> bool:
    """Say whether to look again, since the lock is held and the time is not over."""
    is_cold = mine.has_looked or not is_kept(cached)
    if not is_cold or not own.locks:
        return False
    if not _is_locked(m, cached) or m.now >= mine.gives_up_at:
        return False
    # Only the first wait is cut to the time-out, the others to the age: a time-out
    # that is no multiple of the poll is noticed late.
    longest = cached.ages_at - m.now if mine.has_looked else own.timeout_ns
    mine.wait_ns, mine.has_looked = min(own.poll_ns, longest), True
    return True


@inner
def _is_locked(m: State, cached: LockedAnswer) -> bool:
    return cached.is_taken and m.now < cached.ages_at


@inner
def _choose(
    m: State, task: Task, own: LockLevel, mine: LockFrame, cached: LockedAnswer
) -> None:
    """Take what is there, or say how to fetch."""
    mine.does = _IS_ANSWERED
    if is_fresh(m, cached):
        follow(task, cached.answer)
    elif cached.is_held:
        _renew(m, task, own, mine, cached)
    elif not own.locks:
        _call(m, own, mine, cached, _KEEPS)
    elif not _is_locked(m, cached):
        _call(m, own, mine, cached, _LEADS)
    elif mine.has_left and not own.ignore_client_abort:
        set_failure(m, task, CLIENT_LEFT, 0, own.served_by)
    else:
        mine.does = _FETCHES


@inner
def _renew(
    m: State, task: Task, own: LockLevel, mine: LockFrame, cached: LockedAnswer
) -> None:
    """Serve an expired answer, or say how to fetch a new one."""
    if own.stales == _NO_STALE:
        _call(m, own, mine, cached, _KEEPS)
    elif cached.is_taken or own.stales == _BACKGROUND:
        # No age here: it is for those who wait, and nobody does.
        serve(task, own, cached, STALE)
        if not cached.is_taken:
            mine.begins = inside(m, task, own, _REFRESHES, 0)
    else:
        _call(m, own, mine, cached, _LEADS)


@inner
def _call(
    m: State, own: LockLevel, mine: LockFrame, cached: LockedAnswer, does: int
) -> None:
    """Note what is there at a call; who leads takes the lock."""
    mine.does, mine.called_at, mine.kept = does, m.now, cached
    if does == _LEADS:
        own.turns += 1
        mine.turn = cached.turn = own.turns
        cached.is_taken, cached.ages_at = True, m.now + own.age_ns


@inner
def _come_back(m: State, task: Task, own: LockLevel, mine: LockFrame) -> None:
    """Say what is to be done with an answer whose headers are there."""
    mine.came_at, status = m.now, task.answer.status
    stands_in = status >= FIRST_ERROR and m[own.stands_in + status - FIRST_ERROR] != 0
    until = mine.kept.expires + own.stale_if_error_ns
    mine.is_rescued = mine.kept.is_held and stands_in and mine.called_at < until
    is_heard = own.ignore_client_abort or not mine.has_left
    mine.is_wanted = is_heard and not mine.is_rescued


@inner
def _end(
    m: State, task: Task, own: LockLevel, mine: LockFrame, cached: LockedAnswer
) -> None:
    """Keep a complete answer, and open the lock: any, or one's own after a failure."""
    is_kept = mine.is_wanted and keep(
        m, task, own, cached, mine.called_at, mine.came_at
    )
    if is_kept or (mine.does == _LEADS and cached.turn == mine.turn):
        cached.is_taken = False
    lead(task)
    if mine.is_rescued:
        serve(task, own, mine.kept, STALE)


def fill(
    own: LockLevel, layer: Lock, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_cache(own, layer, context, parameters)
    own.stales = _STALES.index(layer.stale)
    statuses = range(FIRST_ERROR, LAST_ERROR + 1)
    own.stands_in = parameters.write([one in layer.stale_on for one in statuses])
