"""Log of what the origin received, as `Recorder.called` notes it."""

from typing import Final

from simcoalesce.compiled.call_counts import count_call
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import Record, fields_of
from simcoalesce.compiled.state import State, Task


class Call(Record):
    """A call, in the order of `outcomes.OriginRows`."""

    request: int
    key: int
    called_at: int
    completed_at: int
    status: int
    version: int


CALLED_AT: Final = fields_of(Call)["called_at"].offset


@inner
def note_call(m: State, task: Task, completed: int) -> None:
    """Note the call of a task, which has its answer."""
    if not m.has_call_log:
        count_call(m, task.answer.status, completed)
        return
    call = Call(m, m.call_log + m.calls * Call.width)
    m.calls += 1
    call.request, call.key = task.request, task.key
    call.called_at, call.completed_at = m.now, completed
    call.status, call.version = task.answer.status, task.answer.version
