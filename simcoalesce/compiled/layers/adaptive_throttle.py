"""adaptive_throttle, as `model.layers.adaptive_throttle` has it."""

from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.hash_table import block_of, table_key_of
from simcoalesce.compiled.instant_queue import InstantQueue, join, let_leave
from simcoalesce.compiled.kernel import Steps, Word, inner
from simcoalesce.compiled.load_control import (
    LoadControlLevel,
    fill_control,
    instance_of_state,
    refuse,
)
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import Link, Record
from simcoalesce.compiled.state import GO_DOWN, GO_UP, Frame, State, Task
from simcoalesce.compiled.statuses import is_among
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.adaptive_throttle import AdaptiveThrottle


class AdaptiveThrottleLevel(LoadControlLevel):
    """What the layer is told."""

    multiplier: float
    window_ns: int
    rejected: int
    """Where it says of each error whether the request was not accepted."""
    counts_sent: bool
    """Whether a request counts from its start on."""
    stream: Word


class RecentRequests(Record):
    """Until when requests and accepts of the window count."""

    requests: InstantQueue
    accepts: InstantQueue


class ThrottleFrame(Frame):
    """What it keeps of a task."""

    recent: Link[RecentRequests]


@inner
def step(
    m: State, task: Task, own: AdaptiveThrottleLevel, mine: ThrottleFrame
) -> Steps:
    """Refuse requests by chance, the more the fewer are accepted."""
    table_key = table_key_of(own, instance_of_state(m, task, own), 0)
    mine.recent = RecentRequests(m, block_of(m, table_key, RecentRequests.width))
    recent = mine.recent
    share = _refused_ratio(m, own, recent)
    is_refused = uniform(own.stream, task.request, task.attempt) < share
    if is_refused or own.counts_sent:
        join(m, recent.requests, m.now + own.window_ns)
    if is_refused:
        return refuse(m, task, own, 503, 0)
    yield GO_DOWN
    if not own.counts_sent:
        join(m, recent.requests, m.now + own.window_ns)
    if not is_among(m, own.rejected, task.answer.status):
        join(m, recent.accepts, m.now + own.window_ns)
    return GO_UP


@inner
def _refused_ratio(
    m: State, own: AdaptiveThrottleLevel, recent: RecentRequests
) -> float:
    """Return with which probability a request is refused."""
    requests = let_leave(m, recent.requests)
    accepts = let_leave(m, recent.accepts)
    return max(0.0, (requests - own.multiplier * accepts) / (requests + 1))


def fill(
    own: AdaptiveThrottleLevel,
    layer: AdaptiveThrottle,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_control(own, layer, context, parameters, "throttled")
    own.stream = parameters.key_of(context.stream("throttle"))
    own.rejected = parameters.statuses(layer.on)
    own.counts_sent = layer.counts == "sent"
