"""Tasks: how they begin, wait and end, and what every level does with them."""

from typing import Final

from simcoalesce.compiled.allocator import allocate
from simcoalesce.compiled.draws import bits, quantile
from simcoalesce.compiled.event_queue import (
    LEVELS,
    SIGNALS,
    WAKE,
    entry_of,
    push_task,
)
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import (
    DOWN,
    LABELS,
    LEVELS_AT,
    RECORDED,
    SPAWN,
    WAIT,
    AnswerRecord,
    Frame,
    Level,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.switch import GO_ON, Handlers
from simcoalesce.model import clock

handovers: Handlers[[State, Task], None] = Handlers("m task")
"""What is done with the answer of a task that has ended."""


@inner
def level_of(m: State, number: int) -> Level:
    """Return a level of the path."""
    return Level(m, m[LEVELS_AT + number])


@inner
def frame(task: Task, level: Level) -> Frame:
    """Return what a level keeps of a task."""
    return Frame(task, task.at + level.frame)


@inner
def draw(m: State, sampler: SamplerRecord, task: Task) -> int:
    """Return a duration of a sampler for the attempt of a task."""
    return draw_for(m, sampler, task.request, task.attempt)


@inner
def draw_for(m: State, sampler: SamplerRecord, request: int, attempt: int) -> int:
    """Return a duration of a sampler for a request's attempt."""
    constant = sampler.constant
    if constant >= 0:
        return constant
    if constant == RECORDED:
        given = sampler.given
        sampler.given = given + 1
        return m[sampler.values + given % sampler.count]
    return quantile(m, sampler.values, bits(sampler.stream, request, attempt))


@inner
def bypasses(task: Task, level: Level) -> bool:
    """Return whether a task goes past a level, since nothing stored may answer it."""
    return task.isolate < 0 and level.is_bypassed


@inner
def new_task(m: State, base: int, ends: int, to: int) -> Task:
    """Return a new task, which begins at a level."""
    task = Task(m, allocate(m, m.free_tasks, m.task_width))
    m.live += 1
    task.base, task.level, task.label = base, base, DOWN
    task.ends, task.to = ends, to
    task.is_dead = False
    return task


@inner
def new_task_for(m: State, like: Task, base: int, ends: int, to: int) -> Task:
    """Return a new task for the request of another one."""
    task = new_task(m, base, ends, to)
    task.request, task.attempt = like.request, like.attempt
    task.key, task.location, task.isolate = like.key, like.location, like.isolate
    return task


@inner
def for_nobody(m: State, task: Task) -> None:
    """Drop the answer of a task: nobody waits for it."""


TO_NOBODY: Final = handovers.add(for_nobody)


@inner
def spawn(m: State, task: Task, own: Level, label: int, child: Task) -> int:
    """Let a new task run first, and this one go on at a label."""
    m.spawned = child
    task.level, task.label = own.number, label
    return SPAWN


@inner
def suspend(task: Task, own: Level, label: int) -> int:
    """Let a task wait until another one wakes it, and go on at a label."""
    task.level, task.label = own.number, label
    return WAIT


@inner
def wake_at(
    m: State, task: Task, own: Level, label: int, instant: int, phase: int
) -> int:
    """Let a task sleep until an instant, and go on at a label."""
    task.level, task.label = own.number, label
    kind = LEVELS + 2 * own.number + (label & 1)
    push_task(m, kind, instant, phase + task.request, task)
    return WAIT


@inner
def sleep(m: State, task: Task, own: Level, instant: int, phase: int) -> int:
    """Let a task sleep until an instant at a level whose kernel yields."""
    return wake_at(m, task, own, LABELS, instant, phase)


@inner
def sleep_for(m: State, task: Task, own: Level, wait_ns: int, phase: int) -> int:
    """Let a task sleep for a while, if that takes any time, as `sleep` does."""
    if wait_ns == 0:
        return GO_ON
    return sleep(m, task, own, m.now + wait_ns, phase)


@inner
def complete(m: State, task: Task, own: Level) -> int:
    """Let a task wait for the body of its answer, as `model.clock.complete` does."""
    if task.answer.complete_at <= m.now:
        return GO_ON
    return sleep(m, task, own, task.answer.complete_at, clock.COMPLETE)


@inner
def wait(task: Task, own: Level) -> int:
    """Let a task wait until another one wakes it, at a level whose kernel yields."""
    return suspend(task, own, LABELS)


@inner
def run_first(m: State, task: Task, own: Level, child: Task) -> int:
    """Let a new task run first, at a level whose kernel yields."""
    return spawn(m, task, own, LABELS, child)


@inner
def wake_now(m: State, task: Task, phase: int) -> None:
    """Wake a suspended task at this instant, in a phase."""
    push_task(m, SIGNALS, m.now, phase + task.request, task)


@inner
def wake_at_once(m: State, task: Task) -> None:
    """Wake a suspended task when the one that runs has ended or waits."""
    m.again = entry_of(WAKE, task.at)


@inner
def be_hit(answer: AnswerRecord, served_by: int, lookup: int) -> None:
    """Make a copy of what was stored what a store serves."""
    answer.lookup, answer.role = lookup, 0
    answer.served_by, answer.attempts = served_by, 1


@inner
def set_failure(m: State, task: Task, status: int, role: int, served_by: int) -> None:
    """Give a task an answer that did not come from the origin."""
    answer = task.answer
    answer.status, answer.lookup, answer.role = status, 0, role
    answer.served_by, answer.generated = served_by, m.now
    answer.attempts, answer.version = 1, 0
    answer.cacheable, answer.retry_after = True, 0
    answer.complete_at, answer.max_age, answer.stored_at = 0, NOBODY, NOBODY
