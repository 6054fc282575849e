"""single_flight, as `model.layers.single_flight` has it."""

from simcoalesce.compiled import flights, layout
from simcoalesce.compiled.kernel import Numbers, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import domain_of, frame
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.single_flight import SingleFlight

_LED = layout.LABELS
_FOLLOWED = layout.LABELS + 1


@inner
def step(m: Numbers, task: int, level: int, entry: int) -> int:
    """In each isolate, one fetch of a key at a time; others wait for it."""
    if entry == layout.DOWN:
        m[frame(task, level) + flights.LEADS] = 0
        domain = domain_of(m, task, level)
        return flights.join(m, task, level, domain, (_LED, _FOLLOWED))
    if entry == layout.UP:
        flights.land_led(m, task, level)
        return layout.GO_UP
    if entry == _LED:
        return flights.lead(m, task, level, _LED)
    return flights.follow(m, task, level)


@inner
def close(m: Numbers, task: int, level: int) -> None:
    """End what a task does here whose caller is gone."""
    if m[frame(task, level) + flights.LEADS]:
        flights.break_off(m, task, level)


def encode(
    layer: SingleFlight,
    context: LayerContext,  # noqa: ARG001 - as all of them
    level: int,
    parameters: Parameters,
) -> None:
    """Write the layer's parameters."""
    row = parameters.levels[level]
    row[layout.CODE] = parameters.code_of(layer.served_by)
    flights.encode(row, layer.cleanup, is_leader_bound=layer.leader_bound)
    flights.encode_rules(row, layer.leader_leaves, layer.forget_after_ns)
