"""circuit_breaker, as `model.layers.circuit_breaker` has it."""

from simcoalesce.compiled.allocator import allocate
from simcoalesce.compiled.breaker import (
    BreakerLevel,
    BreakerRecord,
    CallResult,
    ResultsRule,
    admits,
    returned,
    withdrawn,
)
from simcoalesce.compiled.hash_table import block_of, table_key_of
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.load_control import fill_control, instance_of_state, refuse
from simcoalesce.compiled.parameters import Parameters, own_fields
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.retry_after import retry_rule, said_ns
from simcoalesce.compiled.state import GO_DOWN, GO_UP, Frame, State, Task
from simcoalesce.compiled.statuses import is_among
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.circuit_breaker import CircuitBreaker


class CircuitBreakerLevel(BreakerLevel):
    """What the layer is told."""

    bad: int
    """Where it says of each error whether it is a failure."""
    slow_after_ns: int
    retry_after_ns: int


class CircuitBreakerFrame(Frame):
    """What it keeps of a task."""

    breaker: Link[BreakerRecord]
    generation: int
    """In which the call began."""


@inner
def step(
    m: State, task: Task, own: CircuitBreakerLevel, mine: CircuitBreakerFrame
) -> Steps:
    """Refuse calls for a time when many have failed."""
    table_key = table_key_of(own, instance_of_state(m, task, own), 0)
    breaker = BreakerRecord(m, block_of(m, table_key, BreakerRecord.width))
    if not admits(m, breaker):
        opens_in = max(breaker.opens_until - m.now, 0)
        return refuse(m, task, own, 503, said_ns(own.retry_after_ns, opens_in))
    mine.breaker, mine.generation = breaker, breaker.generation
    began = m.now
    yield GO_DOWN
    if mine.generation == mine.breaker.generation:
        result = CallResult(m, allocate(m, own.free_results, CallResult.width))
        result.at_ns, result.failed = m.now, is_among(m, own.bad, task.answer.status)
        is_known = own.slow_after_ns != NOBODY
        result.slow = is_known and m.now - began > own.slow_after_ns
        returned(m, own, mine.breaker, result)
    return GO_UP


@inner
def close(mine: CircuitBreakerFrame) -> bool:
    """Let another call pass for one whose client leaves."""
    withdrawn(mine.breaker, mine.generation)
    return False


def fill(
    own: CircuitBreakerLevel,
    layer: CircuitBreaker,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what the layer's fields do not say under the same names."""
    fill_control(own, layer, context, parameters, "breaker_refused")
    parameters.counter(own, "breaker_opened", "opened")
    for rule, record in zip(layer.rules, (own.closed, own.half_open), strict=True):
        parameters.fill(record, rule, own_fields(ResultsRule, Record))
    own.bad = parameters.statuses(layer.on)
    own.retry_after_ns = retry_rule(layer.retry_after_ns)
