"""limiter, as `model.layers.limiter` has it."""

from simcoalesce.compiled.hash_table import block_of, table_key_of
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.load_control import (
    LoadControlLevel,
    fill_control,
    instance_of_state,
    refuse,
    withdraw,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.rate_limit import (
    LimitRecord,
    part_of,
    take_of_all,
    wait_of_all,
    written_limits,
)
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.retry_after import retry_rule, said_ns
from simcoalesce.compiled.state import GO_DOWN, GO_UP, Frame, State, Task
from simcoalesce.compiled.tasks import sleep
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.limiter import RateLimiter


class LimiterLevel(LoadControlLevel):
    """What the layer is told."""

    wait_ns: int
    queue_limit: int
    status: int
    retry_after_ns: int
    limits: Link[LimitRecord]
    limiters_width: int
    queues: int
    """How many queues there are beside the limiters of an instance."""


class TokenQueue(Record):
    """Those who wait for tokens of the same limits, in order of arrival."""

    last_at: int
    waiting: int


class LimiterFrame(Frame):
    """What it keeps of a task."""

    waits_in: Link[TokenQueue]
    """The queue in which it waits, or none."""


@inner
def step(m: State, task: Task, own: LimiterLevel, mine: LimiterFrame) -> Steps:
    """Refuse what exceeds the limits, or let it wait for its turn."""
    mine.waits_in = TokenQueue(m, NOBODY)
    limiters = _limiters_of(m, task, own)
    queue = _queue_of(m, task, own, limiters)
    wait = _wait(m, task, own, limiters, queue)
    is_full = own.queue_limit != NOBODY and queue.waiting >= own.queue_limit
    if (own.wait_ns != NOBODY and wait > own.wait_ns) or (wait and is_full):
        return refuse(m, task, own, own.status, said_ns(own.retry_after_ns, wait))
    _take(m, task, own, limiters, queue, m.now + wait)
    if wait:
        queue.waiting += 1
        mine.waits_in = queue
        yield sleep(m, task, own, m.now + wait, clock.START)
        mine.waits_in = TokenQueue(m, NOBODY)
        queue.waiting -= 1
    yield GO_DOWN
    return GO_UP


@inner
def close(m: State, own: LimiterLevel, mine: LimiterFrame) -> bool:
    """Let a client leave that waits; its token is spent."""
    if mine.waits_in:
        mine.waits_in.waiting -= 1
        withdraw(m, own)
    return False


@inner
def _limiters_of(m: State, task: Task, own: LimiterLevel) -> int:
    """Return where the limiters for a request are; their queues come after them."""
    width = own.limiters_width + own.queues * TokenQueue.width
    return block_of(m, table_key_of(own, instance_of_state(m, task, own), 0), width)


@inner
def _queue_of(m: State, task: Task, own: LimiterLevel, limiters: int) -> TokenQueue:
    which = part_of(m, own.limits, task.key) if own.queues > 1 else 0
    return TokenQueue(m, limiters + own.limiters_width + which * TokenQueue.width)


@inner
def _wait(
    m: State, task: Task, own: LimiterLevel, limiters: int, queue: TokenQueue
) -> int:
    """Return how long one more would wait: behind all who wait, for a token."""
    now, behind = m.now, max(m.now, queue.last_at)
    m.now = behind
    wait = wait_of_all(m, own.limits, limiters, task.key)
    m.now = now
    return behind - now + wait


@inner
def _take(
    m: State,
    task: Task,
    own: LimiterLevel,
    limiters: int,
    queue: TokenQueue,
    instant: int,
) -> None:
    """Take a token of an instant, no earlier than the last one."""
    now = m.now
    m.now = queue.last_at = instant
    take_of_all(m, own.limits, limiters, task.key, instant)
    m.now = now


def fill(
    own: LimiterLevel, layer: RateLimiter, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_control(own, layer, context, parameters, "limiter_refused")
    written = written_limits(layer.rate_limit, context.keys, parameters)
    own.limits, own.limiters_width = written
    own.retry_after_ns = retry_rule(layer.retry_after_ns)
    # Limits that count differently let nobody wait.
    limits = layer.rate_limit
    parts = limits[0].parts(context.keys) if limits else None
    own.queues = 1 if parts is None else int(parts.max(initial=0)) + 1
