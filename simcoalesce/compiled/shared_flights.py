"""Fetches that others may join, as `model.shared_cache` has them."""

from typing import Final

from simcoalesce.compiled.allocator import allocate, free_task, release
from simcoalesce.compiled.bounded_store import drop
from simcoalesce.compiled.cancel import stop
from simcoalesce.compiled.detached import DetachedFrame, inside
from simcoalesce.compiled.event_queue import SIGNALS, entry_of, events, go_on, push
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.location_cache import (
    HIT,
    STALE,
    CachedAnswer,
    CacheLevel,
    is_fresh,
    is_kept,
    keep,
    serve,
)
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import AnswerRecord, FreeList, State, Task
from simcoalesce.compiled.switch import GO_ON
from simcoalesce.compiled.task_queue import TaskQueue, stand_in, take_first
from simcoalesce.compiled.tasks import handovers, wait
from simcoalesce.model import clock
from simcoalesce.model.lifetime import FIRST_ERROR

_SERVER_ERROR: Final = 500


class SharedLevel(CacheLevel):
    """What such a layer is told."""

    lock: bool
    stale_while_revalidate_ns: int
    stale_if_error_ns: int
    abandons: bool
    is_whole: bool
    """Whether an answer is stored when it is complete."""
    displaces: bool
    shares_stored: bool
    """Whether all that may be stored is shared, and nothing else."""
    free: FreeList
    """Of fetches that have ended."""


class SharedFlight(Record):
    """A fetch that has not ended, and who waits for it."""

    level: Link[SharedLevel]
    cached: Link["SharedAnswer"]
    began_at: int
    came_at: int
    renews: bool
    is_displaced: bool
    has_landed: bool
    answer: AnswerRecord
    process: Link[Task]
    second: Link["SharedFlight"]
    joined: int
    """How many have joined it, and not left."""
    waiting: TaskQueue


class SharedAnswer(CachedAnswer):
    """What is kept of a key, and the fetch that others may join."""

    is_fetched: bool
    flight: Link[SharedFlight]


class SharedFrame(DetachedFrame):
    """What it keeps of a task."""

    flight: Link[SharedFlight]
    """For which it waits, or none."""
    part: int
    """What it is to that fetch."""


@inner
def fetch(
    m: State, task: Task, own: SharedLevel, mine: SharedFrame, cached: SharedAnswer
) -> SharedFlight:
    """Return a fetch that the task is to begin."""
    flight = SharedFlight(m, allocate(m, own.free, SharedFlight.width))
    flight.level, flight.cached = own, cached
    flight.began_at = flight.came_at = m.now
    flight.renews, flight.is_displaced = is_kept(cached), False
    flight.has_landed, flight.joined, flight.waiting.count = False, 0, 0
    flight.second = SharedFlight(m, NOBODY)
    flight.process = mine.begins = inside(m, task, own, LANDS, flight.at)
    return flight


@inner
def open_to_others(
    own: SharedLevel, cached: SharedAnswer, flight: SharedFlight
) -> None:
    """Let those who come later join a fetch, if there is nothing else to join."""
    if own.lock and not cached.is_fetched:
        cached.is_fetched, cached.flight = True, flight


@inner
def _shut(cached: SharedAnswer, flight: SharedFlight) -> None:
    if cached.is_fetched and cached.flight.at == flight.at:
        cached.is_fetched = False


@inner
def wait_for(m: State, task: Task, own: SharedLevel, flight: SharedFlight) -> int:
    """Wait for a fetch, behind all who wait for it."""
    flight.joined += 1
    if flight.has_landed:
        return GO_ON
    stand_in(m, flight.waiting, task)
    return wait(task, own)


@inner
def _land(m: State, task: Task) -> None:
    """End a fetch: keep what it brings, or what stands in for an error."""
    flight = SharedFlight(m, task.to)
    own, cached = flight.level, flight.cached
    _shut(cached, flight)
    if not _is_rescued(m, task, own, cached):
        if flight.is_displaced and task.answer.status < FIRST_ERROR:
            drop(cached.store, cached)
        elif _is_stored(m, task, own, flight) and cached.is_fetched:
            cached.flight.is_displaced = True
    flight.answer, flight.has_landed = task.answer, True
    push(m, SIGNALS, m.now, clock.ANSWER + task.request, entry_of(_TELL, flight.at))


@inner
def _is_rescued(m: State, task: Task, own: SharedLevel, cached: SharedAnswer) -> bool:
    """Give a task content that stands in for its error, if there is any."""
    limit, has_content = own.stale_if_error_ns, _has_content(cached)
    is_covered = task.answer.status >= _SERVER_ERROR and limit != 0
    if not is_covered or not has_content:
        return False
    late = m.now - cached.expires
    if late >= 0 and limit != NOBODY and late >= limit:
        return False
    serve(task, own, cached, HIT if late < 0 else STALE)
    return True


@inner
def _has_content(cached: SharedAnswer) -> bool:
    return is_kept(cached) and cached.answer.status < FIRST_ERROR


@inner
def _is_stored(m: State, task: Task, own: SharedLevel, flight: SharedFlight) -> bool:
    cached = flight.cached
    if is_fresh(m, cached) and is_awaited(m, own, cached):
        return False
    return keep(m, task, own, cached, flight.began_at, flight.came_at)


@inner
def is_awaited(m: State, own: SharedLevel, cached: SharedAnswer) -> bool:
    """Say whether an answer has displaced others, and is not yet complete."""
    return own.displaces and cached.answer.complete_at > m.now


@inner
def _tell(m: State, which: int) -> Task:
    """Let those who wait for a fetch go on, one after the other; then free it."""
    flight = SharedFlight(m, which)
    if not flight.waiting.count:
        release(m, flight.level.free, flight.at)
        return Task(m, NOBODY)
    m.again = entry_of(_TELL, which)
    return go_on(m, take_first(flight.waiting).at)


@inner
def leave(m: State, own: SharedLevel, flight: SharedFlight) -> bool:
    """Leave a fetch; say whether it ends, since nobody waits for it any more."""
    flight.joined -= 1
    if not own.abandons or flight.joined or flight.has_landed:
        return False
    stop(m, flight.process)
    _shut(flight.cached, flight)
    while flight.waiting.count:
        waits = take_first(flight.waiting)
        if waits.is_dead:
            free_task(m, waits)
    release(m, own.free, flight.at)
    return True


LANDS: Final = handovers.add(_land)
_TELL: Final = events.add(_tell)
