"""Rows of requests: when each was answered, and its answer."""

from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import AnswerRow, State, Task
from simcoalesce.outcomes import Lookup, Role

_BYPASS, _NO_ROLE = int(Lookup.BYPASS), int(Role.NONE)


class RequestRow(Record):
    """A request that has its answer."""

    answered_at: int
    answer: AnswerRow


@inner
def row_of(rows: Numbers, request: int) -> RequestRow:
    """Return the row of a request."""
    return RequestRow(rows, request * RequestRow.width)


@inner
def write_row(m: State, rows: Numbers, task: Task) -> None:
    """Write the row of a request that has its answer."""
    row = row_of(rows, task.to)
    answer = row.answer
    row.answered_at, row.answer = m.now, task.answer
    if task.isolate < 0:
        answer.lookup, answer.role = _BYPASS, _NO_ROLE
