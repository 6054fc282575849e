"""fan_out, as `model.layers.fan_out` has it."""

from typing import Final

from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.parallel_calls import (
    ParallelFrame,
    begin_calls,
    come,
    leave_calls,
    new_call,
    stop_next,
    take,
    wait_for_news,
)
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.state import GO_UP, AnswerRecord, Level, State, Task
from simcoalesce.compiled.tasks import handovers, run_first
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.fan_out import FanOut


class FanOutLevel(Level):
    """What the layer is told."""

    calls: int
    at_once: int
    cancels: bool
    is_client: bool


class FanOutFrame(ParallelFrame):
    """What it keeps of a task."""

    answer: AnswerRecord
    """All answers so far as one."""


@inner
def step(m: State, task: Task, own: FanOutLevel, mine: FanOutFrame) -> Steps:
    """Make several calls for one request: their answers are one."""
    begin_calls(m, mine)
    answers, is_failure = 0, False
    while answers < own.calls and not is_failure:
        while mine.count < min(answers + own.at_once, own.calls):
            m.usage.worker_requests += own.is_client and mine.count > 0
            yield run_first(
                m, task, own, new_call(m, task, own, mine, own.calls, COMES)
            )
        if not mine.arrived.first:
            yield wait_for_news(task, own, mine)
        take(m, task, mine)
        is_failure = task.answer.status >= 400
        if answers and not is_failure:
            _join(task, mine.answer)
        mine.answer = task.answer
        answers += 1
    close(m, own, mine)
    return GO_UP


@inner
def _join(task: Task, before: AnswerRecord) -> None:
    """Make one answer of several: a miss, if one of them is."""
    answer = task.answer
    generated = min(answer.generated, before.generated)
    attempts = max(answer.attempts, before.attempts)
    version = min(answer.version, before.version)
    cacheable = answer.cacheable and before.cacheable
    # Who does not say how long it may be stored says nobody, which is the least.
    max_age = min(answer.max_age, before.max_age)
    if max_age == NOBODY:
        max_age = max(answer.max_age, before.max_age)
    if answer.lookup and not before.lookup:
        task.answer = before
    answer.max_age = max_age
    answer.generated, answer.attempts = generated, attempts
    answer.version, answer.cacheable = version, cacheable


@inner
def close(m: State, own: FanOutLevel, mine: FanOutFrame) -> bool:
    """Leave the calls that are under way, or end them."""
    if own.cancels:
        while stop_next(m, mine) != NOBODY:
            pass
    return leave_calls(m, mine)


def fill(own: FanOutLevel, layer: FanOut, context: LayerContext) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.at_once = layer.at_once or layer.calls
    own.is_client = context.is_client


COMES: Final = handovers.add(come)
