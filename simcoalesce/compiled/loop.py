"""The event loop: arrivals and wake-ups in the order of ties, one task at a time."""

from typing import Any

from simcoalesce.compiled import (
    durable_object,
    flights,
    hit_fast_path,
    kv_read,
    kv_write,
    memory,
    mutex,
    origin,
    retry,
    single_flight,
    timeout,
)
from simcoalesce.compiled.cancel import on_timer, stop
from simcoalesce.compiled.capacity import MARGIN
from simcoalesce.compiled.event_queue import is_due, next_fifo, pop
from simcoalesce.compiled.hash_table import remove
from simcoalesce.compiled.kernel import entry, inner
from simcoalesce.compiled.layout import (
    ARRIVAL_WIDTH,
    ARRIVES_AT,
    ATTEMPT,
    BACK,
    BASE,
    CALL_CAPACITY,
    CALLS,
    CAME,
    DOWN,
    DURABLE_OBJECT,
    FIRST_ROW,
    GO_DOWN,
    GO_UP,
    HANDED,
    ID,
    IS_DEAD,
    ISOLATE,
    ITS_ID,
    ITS_ISOLATE,
    ITS_KEY,
    ITS_LOCATION,
    KEY,
    KIND,
    KV_READ,
    KV_WRITE,
    LABEL,
    LANDED,
    LEVEL,
    LIVE,
    LOCATION,
    MEMORY,
    NEXT,
    NOBODY,
    NOW,
    OBJECT_OF_KEY,
    ORIGIN,
    QUEUE_CAPACITY,
    QUEUED,
    RETRY,
    RETURNS,
    ROW_WIDTH,
    RUN_STACK,
    RUNS,
    SIGNAL,
    SINGLE_FLIGHT,
    SIZE,
    SPAWN,
    SPAWNED,
    START,
    STATUS,
    TABLE_SIZE,
    TABLE_USED,
    TASK_WIDTH,
    THEN,
    TO,
    TO_CLIENT,
    TO_FLIGHT,
    TO_HOLD,
    TO_LATE,
    TO_RACE,
    TO_REFRESH,
    TOP,
    UNTIL,
    UNTIL_ORDER,
    UP,
    WAIT,
    WAKE,
    WAKING,
)
from simcoalesce.compiled.object_queue import comes_back
from simcoalesce.compiled.prefetch import prefetch
from simcoalesce.compiled.state import INSTANCE_WIDTH, at, free_task, new_task


@entry
def serve(m: Any, rows: Any, coming: Any) -> bool:
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
        if m[WAKING] != NOBODY:
            _wake_next(m, rows)
            continue
        fifo = next_fifo(m)
        hit_fast_path.complete_hits(m, rows, coming, fifo)
        arrival = m[CAME] * ARRIVAL_WIDTH
        is_last = m[CAME] == m[HANDED]
        until = m[UNTIL] if is_last else coming[arrival + ARRIVES_AT]
        order = m[UNTIL_ORDER] if is_last else START + coming[arrival + ITS_ID]
        if is_due(m, fifo, until, order):
            _turn(m, rows, fifo)
        elif is_last:
            return True
        else:
            _arrive(m, rows, coming, arrival)
            m[CAME] += 1
    return False


@inner
def _arrive(m: Any, rows: Any, coming: Any, arrival: int) -> None:
    """Let one request arrive, and run it until it waits."""
    m[NOW] = coming[arrival + ARRIVES_AT]
    task = new_task(m, NOBODY, 0, TO_CLIENT, m[FIRST_ROW] + m[CAME])
    m[task + ID] = coming[arrival + ITS_ID]
    m[task + KEY] = coming[arrival + ITS_KEY]
    m[task + LOCATION] = coming[arrival + ITS_LOCATION]
    m[task + ISOLATE] = coming[arrival + ITS_ISOLATE]
    m[task + ATTEMPT] = 0
    if m[OBJECT_OF_KEY]:
        # It will be asked soon, and of many keys its memory is far away.
        its_object = m[OBJECT_OF_KEY] + m[task + KEY] * INSTANCE_WIDTH
        prefetch(m, its_object)
        prefetch(m, its_object + 8)
    _run(m, rows, task, 0, DOWN)


@inner
def has_capacity(m: Any) -> bool:
    """Whether the next turn will find all the capacity that it can need."""
    return bool(
        m[TOP] + MARGIN * m[TASK_WIDTH] <= m[SIZE]
        and m[QUEUED] + m[LIVE] + MARGIN <= m[QUEUE_CAPACITY]
        and m[CALLS] + MARGIN <= m[CALL_CAPACITY]
        and 2 * (m[TABLE_USED] + MARGIN) <= m[TABLE_SIZE]
    )


@inner
def _turn(m: Any, rows: Any, fifo: int) -> None:
    """Do the next thing in the queue, the head of a FIFO."""
    payload = pop(m, fifo)
    kind, which = payload & 3, payload >> 2
    if kind == WAKE:
        _go_on(m, rows, which)
    elif kind == SIGNAL:
        m[LANDED] = which
        m[WAKING] = m[which + flights.FIRST]
        if m[WAKING] == NOBODY:
            flights.put_away(m, which)
    else:
        on_timer(m, which)


@inner
def _go_on(m: Any, rows: Any, task: int) -> None:
    if m[task + IS_DEAD]:
        free_task(m, task)
    else:
        _run(m, rows, task, m[task + LEVEL], m[task + LABEL])


@inner
def _wake_next(m: Any, rows: Any) -> None:
    """Let the next follower of the landed flight go on."""
    task = m[WAKING]
    m[WAKING] = m[task + NEXT]
    is_last = m[WAKING] == NOBODY
    flight = m[LANDED]
    _go_on(m, rows, task)
    if is_last:
        flights.put_away(m, flight)


@inner
def _run(m: Any, rows: Any, task: int, level: int, entry: int) -> None:
    """Run a task, and those that it spawns, until all of them wait or have ended."""
    while True:
        action = GO_UP if entry == BACK else _step(m, task, level, entry)
        if (
            action == GO_UP
            and m[at(level) + RETURNS]
            and comes_back(m, task, level, entry)
        ):
            action = WAIT
        if action == GO_DOWN:
            level, entry = level + 1, DOWN
            continue
        if action == GO_UP:
            level, entry = level - 1, UP
            if level >= m[task + BASE]:
                continue
            _end(m, rows, task)
        elif action == SPAWN:
            m[m[RUN_STACK] + m[RUNS]] = task
            m[RUNS] += 1
            task = m[SPAWNED]
            level, entry = m[task + LEVEL], m[task + LABEL]
            continue
        if m[RUNS] == 0:
            return
        m[RUNS] -= 1
        task = m[m[RUN_STACK] + m[RUNS]]
        level, entry = m[task + LEVEL], m[task + LABEL]


@inner
def _step(m: Any, task: int, level: int, entry: int) -> int:  # noqa: PLR0911 - a line for each kernel
    kind = m[at(level) + KIND]
    if kind == KV_READ:
        return kv_read.step(m, task, level, entry)
    if kind == KV_WRITE:
        return kv_write.step(m, task, level, entry)
    if kind == ORIGIN:
        return origin.step(m, task, level, entry)
    if kind == DURABLE_OBJECT:
        return durable_object.step(m, task, level, entry)
    if kind == SINGLE_FLIGHT:
        return single_flight.step(m, task, level, entry)
    if kind == MEMORY:
        return memory.step(m, task, level, entry)
    if kind == RETRY:
        return retry.step(m, task, level, entry)
    return _step_of_timeout(m, task, level, entry)


@inner
def _step_of_timeout(m: Any, task: int, level: int, entry: int) -> int:
    behind = timeout.left_behind(m, task, level, entry)
    if behind != NOBODY:
        stop(m, behind)
    return timeout.step(m, task, level, entry)


@inner
def _end(m: Any, rows: Any, task: int) -> None:
    """Hand the answer of a task over."""
    then, to = m[task + THEN], m[task + TO]
    if then == TO_CLIENT:
        row = (to - m[FIRST_ROW]) * m[ROW_WIDTH]
        rows[row] = m[NOW]
        for column in range(m[ROW_WIDTH] - 1):
            rows[row + 1 + column] = m[task + STATUS + column]
    elif then == TO_FLIGHT:
        flights.land(m, task, to)
    elif then == TO_RACE:
        timeout.win(m, task, to)
    elif then == TO_HOLD:
        mutex.end_hold(m, task, to)
    elif then == TO_REFRESH:
        remove(m, to)
    elif then == TO_LATE:
        timeout.forget(m, task)
    free_task(m, task)
