"""waiting_list, as `model.layers.waiting_list` has it."""

from typing import Final

from simcoalesce.compiled.bounded_store import hold
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
    age_of,
    cached_at,
    fill_cache,
    follow,
    is_kept,
    lead,
    said_lifetime,
    serve,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import Link
from simcoalesce.compiled.state import END, GO_DOWN, GO_UP, State, Task
from simcoalesce.compiled.tasks import (
    complete,
    for_nobody,
    handovers,
    set_failure,
    wait,
    wake_now,
)
from simcoalesce.compiled.tier import go_back, go_there
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.waiting_list import (
    ERROR_GRACE_NS,
    RUSHES_AT_END,
    WaitingList,
)
from simcoalesce.model.lifetime import FIRST_ERROR

_SERVER_ERROR: Final = 500
_REFRESHES: Final = handovers.add(for_nobody)
_ENDS: Final = handovers.add(for_nobody)
_IS_ANSWERED, _PASSES, _LEADS = range(3)


class WaitingListLevel(CacheLevel):
    """What the layer is told."""

    grace_ns: int
    rush: int
    hit_for_miss_ns: int
    hit_for_pass_ns: int
    failed_fetch_ttl_ns: int
    stale_if_error_ns: int
    timed_out: int
    """What a time-out behind this level serves as, or nobody: there is none."""


class BusyAnswer(CachedAnswer):
    """State of a key: what is kept, how many fetch, who waits."""

    is_ready: bool
    is_mark: bool
    """Whether no answer is kept, but that the last one could not be."""
    until: int
    """When its grace, or the mark, is over."""
    passes: bool
    fetches: int
    has_failed: bool
    """Whether a fetch has failed whose error the kept answer stood in for."""
    failed_at: int
    waiting: int
    first: Link[Task]
    last: Link[Task]


class WaitingListFrame(DetachedFrame):
    """What it keeps of a task."""

    asked_at: int
    does: int
    """What a task does behind its client."""


@inner
def step(m: State, task: Task, own: WaitingListLevel, mine: WaitingListFrame) -> Steps:
    """Answer from what is kept, or begin a task that outlasts its client."""
    come(m, mine)
    cached = _busy_at(m, task, own)
    mine.does, mine.asked_at = _LEADS, m.now
    if is_inside(task, own, _ENDS):
        yield complete(m, task, own)
        _let_go(m, cached, RUSHES_AT_END * own.rush)
        return END
    if is_inside(task, own, FOR_CLIENT):
        while _must_wait(m, task, own, mine, cached):
            yield wait(task, own)
    elif not is_inside(task, own, _REFRESHES):
        yield go_there(m, task, own)
        if _is_served(m, task, own, mine, cached):
            yield start(m, task, own, mine)
        else:
            yield detach(m, task, own, mine)
            yield wait(task, own)
        yield go_back(m, task, own)
        return GO_UP
    if mine.does != _IS_ANSWERED:
        cached.fetches += mine.does == _LEADS
        yield GO_DOWN
        _come_back(m, task, own, mine, cached)
        yield start(m, task, own, mine)
    return END


@inner
def close(m: State, own: WaitingListLevel, mine: WaitingListFrame) -> bool:
    """Let what fetches for a client go on that has left."""
    return leave(m, own, mine)


@inner
def _busy_at(m: State, task: Task, own: WaitingListLevel) -> BusyAnswer:
    cached = BusyAnswer(m, cached_at(m, task, own, BusyAnswer.width).at)
    if not cached.is_ready:
        cached.is_ready, cached.until = True, cached.expires + own.grace_ns
    return cached


@inner
def _is_served(
    m: State,
    task: Task,
    own: WaitingListLevel,
    mine: WaitingListFrame,
    cached: BusyAnswer,
) -> bool:
    """Serve what is kept, if it is fresh or in grace."""
    if not _has_answer(cached) or m.now >= cached.until:
        return False
    serve(task, own, cached, HIT if m.now < cached.expires else STALE)
    if m.now >= cached.expires and cached.fetches == 0:
        mine.begins = inside(m, task, own, _REFRESHES, 0)
    return True


@inner
def _has_answer(cached: BusyAnswer) -> bool:
    return is_kept(cached) and not cached.is_mark


@inner
def _must_wait(
    m: State,
    task: Task,
    own: WaitingListLevel,
    mine: WaitingListFrame,
    cached: BusyAnswer,
) -> bool:
    """Say whether to wait while somebody fetches; else take what came, or fetch."""
    is_within = is_kept(cached) and mine.asked_at < cached.until
    is_rescued = cached.has_failed and mine.asked_at <= cached.failed_at
    if is_within and cached.passes:
        mine.does = _PASSES
        _let_go(m, cached, own.rush)
    elif _has_answer(cached) and (is_within or is_rescued):
        # It came while this request waited, so it is fresh for it.
        mine.does = _IS_ANSWERED
        _let_go(m, cached, own.rush)
        if is_within:
            follow(task, cached.answer)
        else:
            serve(task, own, cached, STALE)
    elif not is_within and cached.fetches:
        _queue_up(task, cached)
        return True
    return False


@inner
def _queue_up(task: Task, cached: BusyAnswer) -> None:
    """Let a task wait behind all others."""
    if cached.waiting:
        last = cached.last
        last.next = task
    else:
        cached.first = task
    cached.last = task
    cached.waiting += 1


@inner
def _let_go(m: State, cached: BusyAnswer, count: int) -> None:
    """Let some of those go on who wait."""
    for _ in range(min(count, cached.waiting)):
        waits = cached.first
        cached.first = waits.next
        cached.waiting -= 1
        wake_now(m, waits, clock.ANSWER)


@inner
def _come_back(
    m: State,
    task: Task,
    own: WaitingListLevel,
    mine: WaitingListFrame,
    cached: BusyAnswer,
) -> None:
    """Keep what comes back, unless it passes, and let others go."""
    is_failed = task.answer.served_by == own.timed_out
    if mine.does == _LEADS:
        cached.fetches -= 1
        mine.begins = inside(m, task, own, _ENDS, 0)
        mine.begins.answer = task.answer
    if is_failed:
        attempts = task.answer.attempts
        set_failure(m, task, 503, 1, own.served_by)
        task.answer.attempts = attempts
    if mine.does == _LEADS:
        if _stands_in(m, task, own, cached):
            cached.has_failed, cached.failed_at = True, m.now
            serve(task, own, cached, STALE)
            _let_go(m, cached, own.rush)
            return
        _keep(m, task, own, cached, is_failed)
        _let_go(m, cached, own.rush)
    lead(task)


@inner
def _stands_in(m: State, task: Task, own: WaitingListLevel, cached: BusyAnswer) -> bool:
    """Say whether content is kept that stands in for an error."""
    is_good = _has_answer(cached) and cached.answer.status < FIRST_ERROR
    until = cached.expires + own.stale_if_error_ns
    return task.answer.status >= _SERVER_ERROR and is_good and m.now < until


@inner
def _keep(
    m: State,
    task: Task,
    own: WaitingListLevel,
    cached: BusyAnswer,
    is_failed: bool,  # noqa: FBT001 - kernels have no keywords
) -> None:
    """Keep an answer, or a mark; a failed fetch only for those who wait."""
    stays = said_lifetime(m, task.answer, own.ttl_ns, own.error_ttl)
    if is_failed:
        if cached.waiting and own.failed_fetch_ttl_ns:
            _store(m, task, cached, own.failed_fetch_ttl_ns, ERROR_GRACE_NS)
    elif stays > 0 and stays > age_of(own, task.answer, m.now):
        stays -= age_of(own, task.answer, m.now)
        _store(m, task, cached, stays, own.grace_ns)
    elif own.hit_for_pass_ns:
        _mark(cached, m.now + own.hit_for_pass_ns)
        cached.passes = True
    elif own.hit_for_miss_ns:
        _mark(cached, m.now + own.hit_for_miss_ns + own.grace_ns)


@inner
def _store(
    m: State, task: Task, cached: BusyAnswer, ttl_ns: int, grace_ns: int
) -> None:
    hold(cached.store, cached)
    cached.is_mark = cached.passes = False
    cached.answer, cached.stored_at = task.answer, m.now
    cached.expires, cached.until = m.now + ttl_ns, m.now + ttl_ns + grace_ns


@inner
def _mark(cached: BusyAnswer, until: int) -> None:
    hold(cached.store, cached)
    cached.is_mark, cached.passes = True, False
    cached.until = until


def fill(
    own: WaitingListLevel,
    layer: WaitingList,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_cache(own, layer, context, parameters)
    own.error_ttl = parameters.error_ttl(layer.kept_errors)
    own.timed_out = parameters.known_code_of("timeout")
