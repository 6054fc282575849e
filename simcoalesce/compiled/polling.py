"""Polling, as `model.poller` and `model.polling_layer` have it."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY
from simcoalesce.compiled.redis import begin_server
from simcoalesce.compiled.redis_client import ClientFrame, ClientLevel, draw_next
from simcoalesce.compiled.state import SamplerRecord, State, Task
from simcoalesce.compiled.tasks import sleep
from simcoalesce.model import clock
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.polling_layer import PollingLayer


class PollingLevel(ClientLevel):
    """What a level is told where one fetches a key, and the others poll."""

    timer_lag: SamplerRecord
    poll_ns: int
    wait_ns: int
    ended: int
    """How many waits ended in vain."""


@inner
def poll(m: State, task: Task, own: PollingLevel, mine: ClientFrame) -> int:
    """Sleep until it is time to ask again."""
    late = draw_next(m, task, own.timer_lag, mine)
    return sleep(m, task, own, m.now + own.poll_ns + late, clock.START)


@inner
def gives_up_at(m: State, own: PollingLevel) -> int:
    """Return until when who begins to wait now begins sleeps."""
    return clock.NEVER_NS if own.wait_ns == NOBODY else m.now + own.wait_ns


def fill_polling(
    own: PollingLevel,
    layer: PollingLayer,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the fields of such a layer do not say under the same names."""
    begin_server(parameters)
    own.latency = parameters.sampler(context.sampler(layer.latency, "latency"))
    parameters.counter(own, "redis_commands", "commands")
    own.timer_lag = parameters.sampler(context.sampler(layer.timer_lag, "timer_lag"))
    own.served_by = parameters.code_of(layer.kind)
