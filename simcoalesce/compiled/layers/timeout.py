"""timeout, as `model.layers.timeout` has it."""

from simcoalesce.compiled.cancel import stop
from simcoalesce.compiled.deadlines import DeadlineFrame, ask_behind
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import GO_UP, Level, State, Task
from simcoalesce.compiled.tasks import TO_NOBODY, run_first, set_failure, wait
from simcoalesce.compiled.timers import set_timer
from simcoalesce.model.layers.timeout import RequestTimeout


class TimeoutLevel(Level):
    """What the layer is told."""

    after_ns: int
    cancels: bool


@inner
def step(m: State, task: Task, own: TimeoutLevel, mine: DeadlineFrame) -> Steps:
    """Wait so long and no longer."""
    yield run_first(m, task, own, ask_behind(m, task, own, mine))
    set_timer(m, mine.timer, m.now + own.after_ns)
    yield wait(task, own)
    if mine.is_late:
        if mine.behind:
            _leave_behind(m, own, mine.behind)
        set_failure(m, task, 504, 0, own.served_by)
    return GO_UP


@inner
def _leave_behind(m: State, own: TimeoutLevel, behind: Task) -> None:
    behind.ends = TO_NOBODY
    if own.cancels:
        stop(m, behind)


@inner
def close(m: State, own: TimeoutLevel, mine: DeadlineFrame) -> bool:
    """End what is behind, or let it go on for nobody, since who asked for it leaves."""
    behind, waits = mine.behind, not mine.is_late
    if behind and own.cancels:
        if waits:
            mine.timer.is_off = True
        stop(m, behind)
        return waits
    if behind and mine.is_late:
        behind.ends = TO_NOBODY
    return False


def fill(own: TimeoutLevel, layer: RequestTimeout, parameters: Parameters) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
