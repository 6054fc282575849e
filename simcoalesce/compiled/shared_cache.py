"""Shared cache, as `model.shared_cache` has it: the kernels of its kinds."""

from simcoalesce.compiled.detached import come, is_inside, start
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.location_cache import (
    HIT,
    STALE,
    cached_at,
    fill_cache,
    follow,
    is_fresh,
    is_kept,
    lead,
    said_lifetime,
    serve,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.shared_flights import (
    LANDS,
    SharedAnswer,
    SharedFlight,
    SharedFrame,
    SharedLevel,
    fetch,
    is_awaited,
    leave,
    open_to_others,
    wait_for,
)
from simcoalesce.compiled.state import END, GO_DOWN, GO_UP, AnswerRecord, State, Task
from simcoalesce.compiled.switch import GO_ON
from simcoalesce.compiled.tasks import complete
from simcoalesce.compiled.tier import go_back, go_there
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.lifetime import FIRST_ERROR
from simcoalesce.model.shared_cache import CollapsingLayer

_NONE, _JOINS, _JOINS_SECOND, _LEADS = range(4)


@inner
def step(m: State, task: Task, own: SharedLevel, mine: SharedFrame) -> Steps:
    """Answer from the cache, or join a fetch, or start one."""
    come(m, mine)
    mine.flight, mine.part = SharedFlight(m, NOBODY), _NONE
    if is_inside(task, own, LANDS):
        yield GO_DOWN
        SharedFlight(m, task.to).came_at = m.now
        yield complete(m, task, own) if own.is_whole else GO_ON
        return END
    yield go_there(m, task, own)
    cached = SharedAnswer(m, cached_at(m, task, own, SharedAnswer.width).at)
    while _must_wait(m, task, own, mine, cached):
        yield start(m, task, own, mine)
        yield wait_for(m, task, own, mine.flight)
    yield start(m, task, own, mine)
    yield go_back(m, task, own)
    return GO_UP


@inner
def _must_wait(
    m: State, task: Task, own: SharedLevel, mine: SharedFrame, cached: SharedAnswer
) -> bool:
    """Give a task its answer, or a fetch for which it must wait first."""
    flight, part = mine.flight, mine.part
    mine.flight = SharedFlight(m, NOBODY)
    if part == _JOINS and _must_be_renewed(m, cached, flight):
        part = _NONE
    if part == _LEADS:
        task.answer = flight.answer
        lead(task)
        return False
    if part == _NONE:
        if _is_served(m, task, own, mine, cached):
            return False
        if cached.is_fetched:
            mine.flight, mine.part = cached.flight, _JOINS
            return True
    elif part == _JOINS and _is_negative(own, flight.answer) and not flight.renews:
        return _fetch_together(m, task, own, mine, cached, flight)
    elif _may_be_shared(m, own, flight.answer):
        follow(task, flight.answer)
        return False
    mine.flight, mine.part = fetch(m, task, own, mine, cached), _LEADS
    open_to_others(own, cached, mine.flight)
    return True


@inner
def _is_served(
    m: State, task: Task, own: SharedLevel, mine: SharedFrame, cached: SharedAnswer
) -> bool:
    """Serve what is kept, if that may be, and fetch it anew if nobody does."""
    found = _found(m, own, cached)
    if not found:
        return False
    serve(task, own, cached, found)
    if found == STALE and not cached.is_fetched:
        # Nobody waits for it, so nobody can leave it: the cache itself does.
        refresh = fetch(m, task, own, mine, cached)
        refresh.joined = 1
        open_to_others(own, cached, refresh)
    return True


@inner
def _found(m: State, own: SharedLevel, cached: SharedAnswer) -> int:
    """Return how what is kept is served, or 0 if it is not."""
    if not is_kept(cached) or is_awaited(m, own, cached):
        return 0
    late = m.now - cached.expires
    if late < 0:
        return HIT
    return STALE if late < own.stale_while_revalidate_ns else 0


@inner
def _must_be_renewed(m: State, cached: SharedAnswer, flight: SharedFlight) -> bool:
    """Say whether an answer that came has expired, and its fetch renewed none."""
    is_new = flight.answer.status < FIRST_ERROR and not flight.renews
    return is_new and is_kept(cached) and not is_fresh(m, cached)


@inner
def _is_negative(own: SharedLevel, answer: AnswerRecord) -> bool:
    """Say whether those who wait for an error share it, after one more fetch."""
    if own.shares_stored or not answer.cacheable:
        return False
    is_negative = False
    for status in (400, 403, 404, 405, 414, 500, 501, 502, 503, 504):
        is_negative |= answer.status == status
    return is_negative


@inner
def _may_be_shared(m: State, own: SharedLevel, answer: AnswerRecord) -> bool:
    """Say whether those who wait get an answer, and do not fetch themselves."""
    if own.shares_stored:
        return said_lifetime(m, answer, own.ttl_ns, own.error_ttl) != NOBODY
    is_good = answer.status < FIRST_ERROR or _is_negative(own, answer)
    return answer.cacheable and is_good


@inner
def _fetch_together(
    m: State,
    task: Task,
    own: SharedLevel,
    mine: SharedFrame,
    cached: SharedAnswer,
    flight: SharedFlight,
) -> bool:
    """Let all who have waited for an error wait for one more fetch."""
    if flight.second:
        mine.flight, mine.part = flight.second, _JOINS_SECOND
    else:
        flight.second = fetch(m, task, own, mine, cached)
        mine.flight, mine.part = flight.second, _LEADS
    return True


@inner
def close(m: State, own: SharedLevel, mine: SharedFrame) -> bool:
    """Leave the fetch for which a task waits whose caller is gone."""
    flight = mine.flight
    mine.flight = SharedFlight(m, NOBODY)
    return leave(m, own, flight) if flight else False


def fill(
    own: SharedLevel,
    layer: CollapsingLayer,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_cache(own, layer, context, parameters)
    own.is_whole = layer.incomplete == "whole"
    own.shares_stored = layer.shares_stored
    counts = layer.counts_fetch
    own.counts_seconds_of_fetch = layer.abandons if counts is None else counts
