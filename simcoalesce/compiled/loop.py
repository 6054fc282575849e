"""The event loop: arrivals and what is due in the order of ties, one task at a time."""

from typing import Final

from simcoalesce.compiled import counts
from simcoalesce.compiled.allocator import free_task
from simcoalesce.compiled.capacity import safe_turns
from simcoalesce.compiled.coming import (
    arrives_at,
    isolate_at,
    key_at,
    location_at,
)
from simcoalesce.compiled.drawn_traffic import draw_block
from simcoalesce.compiled.event_queue import happen, is_due, next_fifo, pop
from simcoalesce.compiled.hit_fast_path import complete_hits
from simcoalesce.compiled.instances import ObjectRecord
from simcoalesce.compiled.kernel import Numbers, entry, inner
from simcoalesce.compiled.layer_kernels import steps
from simcoalesce.compiled.object_queue import comes_back
from simcoalesce.compiled.prefetch import prefetch
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.rows import write_row
from simcoalesce.compiled.state import (
    BACK,
    DOWN,
    END,
    GO_DOWN,
    GO_UP,
    SPAWN,
    UP,
    WAIT,
    Level,
    State,
    Task,
)
from simcoalesce.compiled.tasks import (
    bypasses,
    frame,
    handovers,
    level_of,
    new_task,
    wake_at,
)
from simcoalesce.model import clock

_MOST_RUNS: Final = 16
"""How often a turn goes on with another task."""

# What a turn says: another one may come, all is done, or look at the capacity first.
_GO_ON, _DONE, _LOOK = range(3)


@inner
def _answer_client(task: Task) -> None:
    """Leave the answer of a request to `_end`, which knows the rows."""


TO_CLIENT: Final = handovers.add(_answer_client)


@entry
def serve(m: State, rows: Numbers) -> bool:
    """Let requests arrive, in order; then do all that is due before an instant.

    Args:
        m: The state; it says how many requests have arrived already, and until when
            to go on.
        rows: Where answers go: the instant, then the answer, a row for each; without
            rows, where latencies are kept.

    Returns:
        Whether all of that is done; if not, the state needs more capacity.
    """
    while True:
        turns = safe_turns(m)
        if turns <= 0:
            return False
        said = _GO_ON
        while turns > 0 and said == _GO_ON:
            said = _turn(m, rows)
            turns -= 1
        if said == _DONE:
            return True


@inner
def _turn(m: State, rows: Numbers) -> int:
    """Do what is next; say whether more may be done."""
    if m.runs or m.again != NOBODY:
        _finish(m, rows)
        return _GO_ON
    skip_others(m)
    if m.came == m.handed and m.traffic.goes_on and draw_block(m):
        return _LOOK
    fifo = next_fifo(m)
    is_last = m.came == m.handed
    until, order = m.until, m.until_order
    if not is_last:
        until = arrives_at(m, m.came)
        order = clock.START + m.first_request + m.came
    if is_due(m, fifo, until, order):
        _go_on(m, rows, happen(m, pop(m, fifo)))
        return _GO_ON
    if is_last:
        return _DONE
    if complete_hits(m, rows, fifo):
        return _LOOK
    _arrive(m, rows)
    return _GO_ON


@inner
def _finish(m: State, rows: Numbers) -> None:
    """Go on with what the last turn has begun."""
    if m.runs:
        m.runs -= 1
        _run(m, rows, Task(m, m[m.run_stack + m.runs]))
    else:
        what = m.again
        m.again = NOBODY
        _go_on(m, rows, happen(m, what))


@inner
def _arrive(m: State, rows: Numbers) -> None:
    """Let one request arrive, and run it until it waits."""
    m.now = arrives_at(m, m.came)
    task = new_task(m, 0, TO_CLIENT, m.first_request + m.came)
    task.request, task.attempt = m.first_request + m.came, 0
    task.key, task.location = key_at(m, m.came), location_at(m, m.came)
    task.isolate = isolate_at(m, m.came)
    if not m.has_rows:
        task.to = m.shown
        counts.show(m, task.request, task.location * m.keys + task.key, m.now)
    m.came += 1
    m.usage.worker_requests += 1
    if m.objects_by_key:
        # It will be asked soon, and of many keys its memory is far away.
        its_object = m.objects_by_key + task.key * ObjectRecord.width
        prefetch(m.numbers, its_object)
        prefetch(m.numbers, its_object + 8)
    _run(m, rows, task)


@inner
def skip_others(m: State) -> None:
    """Pass the requests that belong to other parts of the keys."""
    if m.parts > 1:
        while m.came < m.handed and key_at(m, m.came) % m.parts != m.part:
            m.came += 1


@inner
def _go_on(m: State, rows: Numbers, task: Task) -> None:
    if task:
        _run(m, rows, task)


@inner
def _run(m: State, rows: Numbers, task: Task) -> None:
    """Run a task, and those that it spawns, until all of them wait or have ended.

    A request may make many calls: what is too much for one turn goes on in the next.
    """
    number, entry = task.level, task.label
    runs = 0
    while True:
        own = level_of(m, number)
        action = _pass(m, task, own, entry)
        if action == GO_DOWN:
            number, entry = number + 1, DOWN
            continue
        if action == GO_UP:
            number, entry = number - 1, UP
            if number >= task.base:
                continue
            _end(m, rows, task)
        elif action == END:
            _end(m, rows, task)
        elif action == SPAWN:
            _run_next(m, task)
            _run_next(m, m.spawned)
        if m.runs == 0 or runs == _MOST_RUNS:
            return
        m.runs -= 1
        runs += 1
        task = Task(m, m[m.run_stack + m.runs])
        number, entry = task.level, task.label


@inner
def _run_next(m: State, task: Task) -> None:
    m[m.run_stack + m.runs] = task.at
    m.runs += 1


@inner
def _pass(m: State, task: Task, own: Level, entry: int) -> int:
    """Go through a level, or past it, and wait for all that it brings back."""
    action = _step(m, task, own, entry)
    return WAIT if action == GO_UP and _comes_back(m, task, own, entry) else action


@inner
def _step(m: State, task: Task, own: Level, entry: int) -> int:
    if entry == BACK:
        return GO_UP
    if own.is_worker and entry == DOWN:
        m.usage.worker_runs += 1
    if bypasses(task, own):
        return GO_DOWN if entry == DOWN else GO_UP
    return steps(own.kind, m, task, own, frame(task, own), entry)


@inner
def _comes_back(m: State, task: Task, own: Level, entry: int) -> bool:
    """Let what a level brought back wait for its body, and for its object's gate."""
    if own.completes and task.answer.complete_at > m.now:
        wake_at(m, task, own, BACK, task.answer.complete_at, clock.COMPLETE)
        return True
    if not own.returns or task.isolate < 0:
        return False
    return comes_back(m, task, own, frame(task, own), entry)


@inner
def _end(m: State, rows: Numbers, task: Task) -> None:
    """Hand the answer of a task over."""
    if task.ends != TO_CLIENT:
        handovers(task.ends, m, task)
    elif m.has_rows:
        write_row(m, rows, task)
    else:
        counts.answer(m, rows, task)
    free_task(m, task)
