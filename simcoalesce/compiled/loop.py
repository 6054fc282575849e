"""The event loop: arrivals and wake-ups in the order of ties, one task at a time."""

from simcoalesce.compiled import (
    durable_object,
    flights,
    hit_fast_path,
    kv_read,
    kv_write,
    layout,
    memory,
    mutex,
    origin,
    refresh_timer,
    retry,
    single_flight,
    timeout,
)
from simcoalesce.compiled.cancel import on_timer, stop
from simcoalesce.compiled.capacity import MARGIN
from simcoalesce.compiled.event_queue import is_due, next_fifo, pop
from simcoalesce.compiled.hash_table import remove
from simcoalesce.compiled.kernel import Numbers, entry, inner
from simcoalesce.compiled.object_queue import comes_back
from simcoalesce.compiled.prefetch import prefetch
from simcoalesce.compiled.state import INSTANCE_WIDTH, at, bypasses, free_task, new_task
from simcoalesce.outcomes import Lookup, Role

_BYPASS, _NO_ROLE = int(Lookup.BYPASS), int(Role.NONE)


@entry
def serve(m: Numbers, rows: Numbers, coming: Numbers) -> bool:
    """Let requests arrive, in order; then do all that is due before an instant.

    Args:
        m: The state; it says how many requests have arrived already, and until when
            to go on.
        rows: Where answers go: the instant, then the answer, a row for each.
        coming: Keys, locations, isolates, instants and ids, shape (n, 5).

    Returns:
        Whether all of that is done; if not, the state needs more capacity.
    """
    while has_capacity(m):
        if m[layout.WAKING] != layout.NOBODY:
            _wake_next(m, rows)
            continue
        if m[layout.ROUND_OF] != layout.NOBODY:
            _fetch_next(m, rows, m[layout.ROUND_OF])
            continue
        fifo = next_fifo(m)
        hit_fast_path.complete_hits(m, rows, coming, fifo)
        arrival = m[layout.CAME] * layout.ARRIVAL_WIDTH
        is_last = m[layout.CAME] == m[layout.HANDED]
        until = m[layout.UNTIL] if is_last else coming[arrival + layout.ARRIVES_AT]
        order = (
            m[layout.UNTIL_ORDER]
            if is_last
            else layout.START + coming[arrival + layout.ITS_ID]
        )
        if is_due(m, fifo, until, order):
            _turn(m, rows, fifo)
        elif is_last:
            return True
        else:
            _arrive(m, rows, coming, arrival)
            m[layout.CAME] += 1
    return False


@inner
def _arrive(m: Numbers, rows: Numbers, coming: Numbers, arrival: int) -> None:
    """Let one request arrive, and run it until it waits."""
    m[layout.NOW] = coming[arrival + layout.ARRIVES_AT]
    task = new_task(
        m, layout.NOBODY, 0, layout.TO_CLIENT, m[layout.FIRST_ROW] + m[layout.CAME]
    )
    m[task + layout.ID] = coming[arrival + layout.ITS_ID]
    m[task + layout.KEY] = coming[arrival + layout.ITS_KEY]
    m[task + layout.LOCATION] = coming[arrival + layout.ITS_LOCATION]
    m[task + layout.ISOLATE] = coming[arrival + layout.ITS_ISOLATE]
    m[task + layout.ATTEMPT] = 0
    if m[layout.OBJECT_OF_KEY]:
        # It will be asked soon, and of many keys its memory is far away.
        its_object = m[layout.OBJECT_OF_KEY] + m[task + layout.KEY] * INSTANCE_WIDTH
        prefetch(m, its_object)
        prefetch(m, its_object + 8)
    _run(m, rows, task, 0, layout.DOWN)


@inner
def has_capacity(m: Numbers) -> bool:
    """Whether the next turn will find all the capacity that it can need."""
    return bool(
        m[layout.TOP] + MARGIN * m[layout.TASK_WIDTH] <= m[layout.SIZE]
        and m[layout.QUEUED] + m[layout.LIVE] + MARGIN <= m[layout.QUEUE_CAPACITY]
        and m[layout.CALLS] + MARGIN <= m[layout.CALL_CAPACITY]
        and 2 * (m[layout.TABLE_USED] + MARGIN) <= m[layout.TABLE_SIZE]
    )


@inner
def _turn(m: Numbers, rows: Numbers, fifo: int) -> None:
    """Do the next thing in the queue, the head of a FIFO."""
    payload = pop(m, fifo)
    kind, which = payload & 3, payload >> 2
    if kind == layout.WAKE:
        _go_on(m, rows, which)
    elif kind == layout.SIGNAL:
        m[layout.LANDED] = which
        m[layout.WAKING] = m[which + flights.FIRST]
        if m[layout.WAKING] == layout.NOBODY:
            flights.put_away(m, which)
    elif kind == layout.ROUND:
        refresh_timer.go_on(m, which)
    else:
        on_timer(m, which)


@inner
def _fetch_next(m: Numbers, rows: Numbers, level: int) -> None:
    """Make the next fetch of a timer's round."""
    task = refresh_timer.next_fetch(m, level)
    if task != layout.NOBODY:
        _run(m, rows, task, level + 1, layout.DOWN)
        refresh_timer.has_fetched(m, level)


@inner
def _go_on(m: Numbers, rows: Numbers, task: int) -> None:
    if m[task + layout.IS_DEAD]:
        free_task(m, task)
    else:
        _run(m, rows, task, m[task + layout.LEVEL], m[task + layout.LABEL])


@inner
def _wake_next(m: Numbers, rows: Numbers) -> None:
    """Let the next follower of the landed flight go on."""
    task = m[layout.WAKING]
    m[layout.WAKING] = m[task + layout.NEXT]
    is_last = m[layout.WAKING] == layout.NOBODY
    flight = m[layout.LANDED]
    _go_on(m, rows, task)
    if is_last:
        flights.put_away(m, flight)


@inner
def _run(m: Numbers, rows: Numbers, task: int, level: int, entry: int) -> None:
    """Run a task, and those that it spawns, until all of them wait or have ended."""
    while True:
        action = _pass(m, task, level, entry)
        if (
            action == layout.GO_UP
            and m[at(level) + layout.RETURNS]
            and m[task + layout.ISOLATE] >= 0
            and comes_back(m, task, level, entry)
        ):
            action = layout.WAIT
        if action == layout.GO_DOWN:
            level, entry = level + 1, layout.DOWN
            continue
        if action == layout.GO_UP:
            level, entry = level - 1, layout.UP
            if level >= m[task + layout.BASE]:
                continue
            _end(m, rows, task)
        elif action == layout.SPAWN:
            m[m[layout.RUN_STACK] + m[layout.RUNS]] = task
            m[layout.RUNS] += 1
            task = m[layout.SPAWNED]
            level, entry = m[task + layout.LEVEL], m[task + layout.LABEL]
            continue
        if m[layout.RUNS] == 0:
            return
        m[layout.RUNS] -= 1
        task = m[m[layout.RUN_STACK] + m[layout.RUNS]]
        level, entry = m[task + layout.LEVEL], m[task + layout.LABEL]


@inner
def _pass(m: Numbers, task: int, level: int, entry: int) -> int:
    """Go through a level, or past it."""
    if entry == layout.BACK:
        return layout.GO_UP
    if bypasses(m, task, level):
        return layout.GO_DOWN if entry == layout.DOWN else layout.GO_UP
    return _step(m, task, level, entry)


@inner
def _step(m: Numbers, task: int, level: int, entry: int) -> int:  # noqa: PLR0911 - a line for each kernel
    kind = m[at(level) + layout.KIND]
    if kind == layout.KV_READ:
        return kv_read.step(m, task, level, entry)
    if kind == layout.KV_WRITE:
        return kv_write.step(m, task, level, entry)
    if kind == layout.ORIGIN:
        return origin.step(m, task, level, entry)
    if kind == layout.DURABLE_OBJECT:
        return durable_object.step(m, task, level, entry)
    if kind == layout.SINGLE_FLIGHT:
        return single_flight.step(m, task, level, entry)
    if kind == layout.MEMORY:
        return memory.step(m, task, level, entry)
    return _step_of_others(m, task, level, entry)


@inner
def _step_of_others(m: Numbers, task: int, level: int, entry: int) -> int:
    kind = m[at(level) + layout.KIND]
    if kind == layout.RETRY:
        return retry.step(m, task, level, entry)
    if kind == layout.REFRESH_TIMER:
        return refresh_timer.step(m, task, level, entry)
    return _step_of_timeout(m, task, level, entry)


@inner
def _step_of_timeout(m: Numbers, task: int, level: int, entry: int) -> int:
    behind = timeout.left_behind(m, task, level, entry)
    if behind != layout.NOBODY:
        stop(m, behind)
    return timeout.step(m, task, level, entry)


@inner
def _write_row(m: Numbers, rows: Numbers, task: int, to: int) -> None:
    """Write the row of a request that has its answer."""
    row = (to - m[layout.FIRST_ROW]) * m[layout.ROW_WIDTH]
    rows[row] = m[layout.NOW]
    for column in range(m[layout.ROW_WIDTH] - 1):
        rows[row + 1 + column] = m[task + layout.STATUS + column]
    if m[task + layout.ISOLATE] < 0:
        rows[row + 1 + layout.LOOKUP - layout.STATUS] = _BYPASS
        rows[row + 1 + layout.ROLE - layout.STATUS] = _NO_ROLE


@inner
def _end(m: Numbers, rows: Numbers, task: int) -> None:
    """Hand the answer of a task over."""
    then, to = m[task + layout.THEN], m[task + layout.TO]
    if then == layout.TO_CLIENT:
        _write_row(m, rows, task, to)
    elif then == layout.TO_FLIGHT:
        flights.land(m, task, to)
    elif then == layout.TO_RACE:
        timeout.win(m, task, to)
    elif then == layout.TO_HOLD:
        mutex.end_hold(m, task, to)
    elif then == layout.TO_REFRESH:
        remove(m, to)
    elif then == layout.TO_LATE:
        timeout.forget(m, task)
    free_task(m, task)
