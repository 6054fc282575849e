"""abandon, as `model.layers.abandon` has it."""

from simcoalesce.compiled.cancel import stop
from simcoalesce.compiled.deadlines import DeadlineFrame, ask_behind
from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Steps, Word, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import (
    GO_DOWN,
    GO_UP,
    Level,
    SamplerRecord,
    State,
    Task,
)
from simcoalesce.compiled.tasks import draw, run_first, set_failure, wait
from simcoalesce.compiled.timers import set_timer
from simcoalesce.model.clock import NEVER_NS
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.abandon import Abandon
from simcoalesce.outcomes import CLIENT_LEFT


class AbandonLevel(Level):
    """What the layer is told."""

    after: SamplerRecord
    share_ratio: float
    stream: Word
    requests: int
    """Where the numbers of those are that hang up, or nobody: the share decides."""
    count: int
    """How many there are."""


@inner
def step(m: State, task: Task, own: AbandonLevel, mine: DeadlineFrame) -> Steps:
    """Let some clients hang up, and end with them what they asked for."""
    mine.is_late, mine.behind = False, Task(m, NOBODY)
    if not _may_hang_up(m, task, own):
        yield GO_DOWN
        return GO_UP
    after = draw(m, own.after, task)
    yield run_first(m, task, own, ask_behind(m, task, own, mine))
    set_timer(m, mine.timer, m.now + after)
    yield wait(task, own)
    if mine.is_late:
        if mine.behind:
            stop(m, mine.behind)
        set_failure(m, task, CLIENT_LEFT, 0, own.served_by)
    return GO_UP


@inner
def close(m: State, mine: DeadlineFrame) -> bool:
    """End what a client asked for, since whoever stands before it leaves."""
    waits = bool(mine.behind) and not mine.is_late
    if waits:
        mine.timer.is_off = True
    if mine.behind:
        stop(m, mine.behind)
    return waits


@inner
def _may_hang_up(m: State, task: Task, own: AbandonLevel) -> bool:
    """Say whether a request's client hangs up, if it has to wait."""
    if own.requests == NOBODY:
        return uniform(own.stream, task.request, task.attempt) < own.share_ratio
    number, low, high = task.request + 1, own.requests, own.requests + own.count
    while low < high:
        middle = (low + high) // 2
        if m[middle] < number:
            low = middle + 1
        else:
            high = middle
    return m[low] == number


def fill(
    own: AbandonLevel, layer: Abandon, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    own.after = parameters.sampler(context.sampler(layer.after, "after"))
    own.stream = parameters.key_of(context.stream("share"))
    if layer.share_ratio is None:
        own.share_ratio = 1.0
    if layer.requests is not None:
        numbers = sorted(set(layer.requests))
        own.count = len(numbers)
        own.requests = parameters.write([*numbers, NEVER_NS])
