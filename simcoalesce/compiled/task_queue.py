"""Queues of tasks that wait, in order of arrival; any of them may drop out.

A task waits in one of them at a time.
"""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import State, Task


class TaskQueue(Record):
    """A queue; an empty one may be zeros."""

    first: Link[Task]
    last: Link[Task]
    count: int


@inner
def stand_in(m: State, queue: TaskQueue, task: Task) -> None:
    """Add a task at the end of a queue."""
    task.next = task.previous = Task(m, NOBODY)
    if queue.count:
        last = task.previous = queue.last
        last.next = task
    else:
        queue.first = task
    queue.last = task
    queue.count += 1


@inner
def drop_out(queue: TaskQueue, task: Task) -> None:
    """Take a task out of its queue."""
    before, after = task.previous, task.next
    if before:
        before.next = after
    else:
        queue.first = after
    if after:
        after.previous = before
    else:
        queue.last = before
    queue.count -= 1


@inner
def take_first(queue: TaskQueue) -> Task:
    """Take the first task out of a queue, which is not empty."""
    task = queue.first
    drop_out(queue, task)
    return task
