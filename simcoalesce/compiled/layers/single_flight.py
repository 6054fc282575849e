"""single_flight, as `model.layers.single_flight` has it."""

from simcoalesce.compiled import flights
from simcoalesce.compiled.flights import FlightFrame, FlightsLevel
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import DOWN, GO_UP, LABELS, UP, State, Task
from simcoalesce.model.layers.single_flight import SingleFlight

_LED, _FOLLOWED = LABELS, LABELS + 1


class SingleFlightLevel(FlightsLevel):
    """What the layer is told."""


@inner
def step(
    m: State, task: Task, own: SingleFlightLevel, mine: FlightFrame, entry: int
) -> int:
    """In each isolate, one fetch of a key at a time; others wait for it."""
    if entry == DOWN:
        mine.leads = False
        domain = domain_of(m, task, own)
        return flights.join(m, task, own, mine, domain, (_LED, _FOLLOWED))
    if entry == UP:
        flights.land_led(m, task, mine)
        return GO_UP
    if entry == _LED:
        return flights.lead(m, task, own, mine, _LED)
    return flights.follow(task, mine)


@inner
def close(m: State, task: Task, own: SingleFlightLevel, mine: FlightFrame) -> bool:
    """End what a task does here whose caller is gone."""
    if mine.leads:
        flights.break_off(m, task, own, mine)
    return False


def fill(own: SingleFlightLevel, layer: SingleFlight, parameters: Parameters) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    flights.fill_cleanup(own, layer.cleanup)
    own.leaves = flights.LEAVES.index(layer.leader_leaves or "error_and_keep")
