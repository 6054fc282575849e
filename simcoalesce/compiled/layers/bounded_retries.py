"""bounded_retries, as `model.layers.bounded_retries` has it."""

from typing import Final, get_args

from simcoalesce.compiled.bounded_store import drop
from simcoalesce.compiled.detached import (
    FOR_CLIENT,
    DetachedFrame,
    come,
    detach,
    is_inside,
    leave,
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
from simcoalesce.compiled.state import (
    END,
    GO_DOWN,
    GO_UP,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.tasks import complete, draw_for, set_failure, sleep, wait
from simcoalesce.compiled.tier import go_back, go_there
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.bounded_retries import (
    PAUSE_NS,
    WAITS,
    BoundedRetries,
    OnBusy,
)

_ON_BUSY: Final = get_args(OnBusy)
_ERROR, _STALE, _RETRY = map(_ON_BUSY.index, ("error", "stale", "retry"))
_IS_ANSWERED, _FETCHES, _WRITES = range(3)


class BoundedLevel(CacheLevel):
    """What the layer is told."""

    retries: int
    delay_ns: int
    write_retries: int
    when_busy: int
    """What it does at last, by its number."""
    stale_if_error_ns: int
    timer_lag: SamplerRecord
    early_ns: int


class WrittenAnswer(CachedAnswer):
    """What is kept of a key, and whether it is open for writing."""

    is_open: bool
    opened_at: int


class BoundedFrame(DetachedFrame):
    """What it keeps of a task."""

    began_at: int
    looked: int
    """How often it has looked."""
    is_paused: bool
    """Whether it waits until it looks as often once more."""
    is_again: bool
    tries: int
    tried: int
    wait_ns: int
    look: int
    """The number of the wait, for its draw."""
    found: CachedAnswer
    does: int
    """What a task does behind its client."""
    came_at: int


@inner
def step(m: State, task: Task, own: BoundedLevel, mine: BoundedFrame) -> Steps:
    """Answer from the cache, or begin a task that outlasts its client."""
    come(m, mine)
    cached = WrittenAnswer(m, cached_at(m, task, own, WrittenAnswer.width).at)
    if not is_inside(task, own, FOR_CLIENT):
        yield go_there(m, task, own)
        if is_fresh(m, cached):
            serve(task, own, cached, HIT)
        else:
            yield detach(m, task, own, mine)
            yield wait(task, own)
        yield go_back(m, task, own)
        return GO_UP
    _arrive(m, own, mine)
    while _must_look(m, own, mine, cached):
        yield _pause(m, task, own, mine)
    _find(m, task, mine, cached)
    while _must_try(mine, own, cached):
        yield _pause(m, task, own, mine)
    if not _fetches(m, task, own, mine, cached):
        return END
    yield GO_DOWN
    mine.came_at = m.now
    if mine.does == _WRITES:
        yield complete(m, task, own)
        _end_write(m, task, own, mine, cached)
    return END


@inner
def close(m: State, own: BoundedLevel, mine: BoundedFrame) -> bool:
    """Let what fetches for a client go on that has left."""
    return leave(m, own, mine)


@inner
def _arrive(m: State, own: BoundedLevel, mine: BoundedFrame) -> None:
    mine.began_at, mine.looked, mine.tried = m.now, 0, 0
    mine.is_paused, mine.is_again = False, False
    mine.tries = own.write_retries


@inner
def _must_look(
    m: State, own: BoundedLevel, mine: BoundedFrame, cached: WrittenAnswer
) -> bool:
    """Say whether to wait for the writer of the key, and for how long."""
    if mine.is_paused:
        # That was its last try to open the key.
        mine.is_paused, mine.is_again, mine.tries = False, True, 0
        mine.began_at, mine.looked = m.now, 0
    if mine.looked < own.retries and _is_open(mine, cached):
        mine.wait_ns = own.delay_ns * (2 if mine.looked > 1 else 1)
        mine.look = mine.looked + (own.retries + 1) * mine.is_again
        mine.looked += 1
        return True
    mine.is_paused = own.when_busy == _RETRY and cached.is_open and not mine.is_again
    mine.wait_ns, mine.look = PAUSE_NS, own.retries
    return mine.is_paused


@inner
def _is_open(mine: BoundedFrame, cached: WrittenAnswer) -> bool:
    """Say whether a key is open for a writer that began no later than a reader."""
    return cached.is_open and cached.opened_at <= mine.began_at


@inner
def _pause(m: State, task: Task, own: BoundedLevel, mine: BoundedFrame) -> int:
    """Wait as early or late as the server's timer is."""
    late = draw_for(m, own.timer_lag, task.request, task.attempt * WAITS + mine.look)
    ends = m.now + max(mine.wait_ns + late - own.early_ns, 0)
    return sleep(m, task, own, ends, clock.START)


@inner
def _find(m: State, task: Task, mine: BoundedFrame, cached: WrittenAnswer) -> None:
    """Take what is fresh; who waited for a writer knows of no other answer."""
    mine.does = _WRITES
    if is_fresh(m, cached):
        follow(task, cached.answer)
        mine.does = _IS_ANSWERED
    mine.found = cached
    mine.found.is_held = cached.is_held and not _is_open(mine, cached)


@inner
def _must_try(mine: BoundedFrame, own: BoundedLevel, cached: WrittenAnswer) -> bool:
    """Say whether to try to open the key once more."""
    is_over = mine.does == _IS_ANSWERED or mine.tried >= mine.tries
    if is_over or not cached.is_open:
        return False
    mine.wait_ns, mine.look = PAUSE_NS, own.retries + mine.tried
    mine.tried += 1
    return True


@inner
def _fetches(
    m: State, task: Task, own: BoundedLevel, mine: BoundedFrame, cached: WrittenAnswer
) -> bool:
    """Open the key, or give up; say whether there is something to fetch."""
    found, is_held = mine.found, mine.found.is_held
    if mine.does == _IS_ANSWERED:
        return False
    if mine.tried < mine.tries:
        cached.is_open, cached.opened_at = True, m.now
        return True
    if own.when_busy == _STALE and is_held and _covers(m, own, found):
        serve(task, own, found, STALE)
        return False
    if own.when_busy == _ERROR and not is_held:
        set_failure(m, task, 502, 0, own.served_by)
        return False
    mine.does = _FETCHES
    return True


@inner
def _end_write(
    m: State, task: Task, own: BoundedLevel, mine: BoundedFrame, cached: WrittenAnswer
) -> None:
    """Close the key, and keep the answer, or serve an expired one for an error."""
    cached.is_open = False
    is_replaced = is_kept(cached) and not _is_covered(cached.answer.status)
    if _is_covered(task.answer.status) and is_replaced and _covers(m, own, cached):
        serve(task, own, cached, STALE)
        return
    if not keep(m, task, own, cached, cached.opened_at, mine.came_at):
        drop(cached.store, cached)
    lead(task)


@inner
def _is_covered(status: int) -> bool:
    """Say whether an expired answer stands in for a status."""
    return status == 500 or 502 <= status <= 504


@inner
def _covers(m: State, own: BoundedLevel, expired: CachedAnswer) -> bool:
    """Say whether an expired answer may still be served."""
    return m.now < expired.expires + own.stale_if_error_ns


def fill(
    own: BoundedLevel,
    layer: BoundedRetries,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_cache(own, layer, context, parameters)
    own.when_busy = _ON_BUSY.index(layer.on_busy)
    lag = context.sampler(layer.timer_lag, "timer_lag")
    own.timer_lag, own.early_ns = parameters.sampler(lag), layer.early_ns
    own.counts_seconds_passed = True
