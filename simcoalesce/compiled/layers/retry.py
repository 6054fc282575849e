"""retry, as `model.layers.retry` has it."""

from typing import Final, get_args

from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.retry_budget import BudgetedLevel, earn, fill_budget, pays
from simcoalesce.compiled.state import (
    DOWN,
    GO_DOWN,
    GO_UP,
    LABELS,
    UP,
    Frame,
    State,
    Task,
)
from simcoalesce.compiled.statuses import is_among
from simcoalesce.compiled.tasks import wake_at
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.retry import Jitter, Retry

_RETRIED = LABELS
_JITTERS: Final = get_args(Jitter)
_FULL, _EQUAL, _DECORRELATED = map(_JITTERS.index, ("full", "equal", "decorrelated"))


class RetryLevel(BudgetedLevel):
    """What the layer is told."""

    attempts: int
    backoff_ns: int
    cap_ns: int
    jitters: int
    """Which of the ways to spread a backoff it has."""
    stream: Word
    honours_retry_after: bool
    is_client: bool
    worth_it: int
    """Where it says of each error whether it is worth another attempt."""


class RetryFrame(Frame):
    """What it keeps of a task."""

    attempt: int
    """That of the request which is retried."""
    first: int
    """The number of the first attempt."""
    done: int
    made: int
    waited: int


@inner
def step(m: State, task: Task, own: RetryLevel, mine: RetryFrame, entry: int) -> int:
    """Ask again after a failure, later and later, if the budget allows."""
    if entry == DOWN:
        earn(m, own)
        # Under another retry, its n-th attempt numbers ours from n * attempts on.
        mine.attempt, mine.first = task.attempt, task.attempt * own.attempts
        mine.done, mine.made, mine.waited = 0, 0, own.backoff_ns
    elif entry == UP:
        return _come_back(m, task, own, mine)
    else:
        m.usage.worker_requests += own.is_client
    task.attempt = mine.first + mine.done
    return GO_DOWN


@inner
def _come_back(m: State, task: Task, own: RetryLevel, mine: RetryFrame) -> int:
    answer = task.answer
    task.attempt = mine.attempt
    mine.made += answer.attempts
    mine.done += 1
    is_worth_it = is_among(m, own.worth_it, answer.status)
    is_last = mine.done >= own.attempts or not is_worth_it
    if is_last or not pays(m, own):
        answer.attempts = mine.made
        return GO_UP
    mine.waited = _wait(task, own, mine)
    least = answer.retry_after if own.honours_retry_after else 0
    retried_at = m.now + max(mine.waited, least)
    return wake_at(m, task, own, _RETRIED, retried_at, clock.START)


@inner
def _wait(task: Task, own: RetryLevel, mine: RetryFrame) -> int:
    """Return the wait before the next retry."""
    drawn = uniform(own.stream, task.request, mine.first + mine.done)
    if own.jitters == _DECORRELATED:
        spread = max(3 * mine.waited - own.backoff_ns, 0)
        return min(own.cap_ns, own.backoff_ns + int(drawn * spread))
    wait = min(own.cap_ns, own.backoff_ns)
    for _ in range(min(mine.done - 1, 60)):
        if wait == 0 or wait >= own.cap_ns:
            break
        wait = min(own.cap_ns, 2 * wait)
    if own.jitters == _FULL:
        return int(drawn * wait)
    if own.jitters == _EQUAL:
        return wait // 2 + int(drawn * (wait - wait // 2))
    return wait


def fill(
    own: RetryLevel, layer: Retry, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.jitters = _JITTERS.index(layer.jitter)
    own.stream = parameters.key_of(context.stream("jitter"))
    own.is_client = context.is_client
    own.worth_it = parameters.statuses(layer.on)
    fill_budget(own, layer, parameters)
