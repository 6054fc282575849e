"""hedge, as `model.layers.hedge` has it."""

from typing import Final

from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.parallel_calls import (
    CallRecord,
    ParallelFrame,
    begin_calls,
    come,
    leave_calls,
    new_call,
    send_news,
    stop_next,
    take,
    wait_for_news,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.retry_budget import BudgetedLevel, earn, fill_budget, pays
from simcoalesce.compiled.seen_latencies import SeenRecord, delay_ns, fill_seen, see
from simcoalesce.compiled.state import GO_UP, State, Task
from simcoalesce.compiled.statuses import is_among
from simcoalesce.compiled.tasks import frame, handovers, level_of, run_first
from simcoalesce.compiled.timers import Timer, firings, new_timer, set_timer
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.hedge import Hedge


class HedgeLevel(BudgetedLevel):
    """What the layer is told, and what it has seen."""

    most: int
    cancels: bool
    starts_next: bool
    """Whether the next call starts at once after a failure."""
    is_client: bool
    failures: int
    """Where it says of each error whether it is a failure."""
    seen: SeenRecord


class HedgeFrame(ParallelFrame):
    """What it keeps of a task."""

    is_due: bool
    """Whether a further call is due."""
    timer: Link[Timer]
    """The one that says so later, or none."""


@inner
def step(m: State, task: Task, own: HedgeLevel, mine: HedgeFrame) -> Steps:
    """Call again after a delay without an answer; the first success is the answer."""
    earn(m, own)
    delay = delay_ns(m, own.seen)
    begin_calls(m, mine)
    mine.timer, mine.is_due = Timer(m, NOBODY), False
    yield run_first(m, task, own, new_call(m, task, own, mine, own.most, _COMES))
    _set_timer(m, task, own, mine, m.now + delay)
    while True:
        if not mine.is_due and not mine.arrived.first:
            yield wait_for_news(task, own, mine)
        is_answer = take(m, task, mine)
        if is_answer and not is_among(m, own.failures, task.answer.status):
            break
        mine.is_due = mine.is_due and is_answer
        may_call = mine.count < own.most and (own.starts_next or not is_answer)
        if may_call and pays(m, own):
            m.usage.worker_requests += own.is_client
            yield run_first(
                m, task, own, new_call(m, task, own, mine, own.most, _COMES)
            )
            _set_timer(m, task, own, mine, m.now + delay)
        if is_answer and not mine.open and not mine.arrived.first:
            break
    task.answer.attempts = mine.attempts + mine.open
    close(m, own, mine)
    return GO_UP


@inner
def close(m: State, own: HedgeLevel, mine: HedgeFrame) -> bool:
    """Leave the calls that are under way, or end them."""
    _stop_timer(mine)
    began_at = stop_next(m, mine) if own.cancels else NOBODY
    while began_at != NOBODY:
        # Of a call that is stopped, the latency is the time until then.
        see(m, own.seen, m.now - began_at)
        began_at = stop_next(m, mine)
    return leave_calls(m, mine)


@inner
def _set_timer(
    m: State, task: Task, own: HedgeLevel, mine: HedgeFrame, instant: int
) -> None:
    """Have a further call due at an instant, if none is made before."""
    _stop_timer(mine)
    mine.timer = new_timer(m, task, own, _IS_DUE)
    set_timer(m, mine.timer, instant)


@inner
def _stop_timer(mine: HedgeFrame) -> None:
    if mine.timer:
        mine.timer.is_off = True


@inner
def _be_due(m: State, timer: Timer) -> None:
    """Tell a task that a further call is due, if one is under way."""
    task = timer.setter
    its = HedgeFrame(m, frame(task, timer.level).at)
    its.timer = Timer(m, NOBODY)
    if its.open:
        its.is_due = True
        send_news(m, task, its, clock.EXPIRE)


@inner
def _come(m: State, task: Task) -> None:
    """Take the answer of a call, whose latency is seen unless it fails."""
    own = HedgeLevel(m, level_of(m, task.base - 1).at)
    if not is_among(m, own.failures, task.answer.status):
        see(m, own.seen, m.now - CallRecord(m, task.to).began_at)
    come(m, task)


def fill(
    own: HedgeLevel, layer: Hedge, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.starts_next = layer.on_failure == "next"
    own.is_client = context.is_client
    own.failures = parameters.statuses(layer.on)
    fill_seen(own.seen, layer.after, parameters)
    fill_budget(own, layer, parameters)


_COMES: Final = handovers.add(_come)
_IS_DUE: Final = firings.add(_be_due)
