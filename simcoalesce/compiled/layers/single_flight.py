"""single_flight, as `model.layers.single_flight` has it."""

from typing import Final

from simcoalesce.compiled import flights
from simcoalesce.compiled.flights import FlightFrame, FlightsLevel
from simcoalesce.compiled.hash_table import table_key_of
from simcoalesce.compiled.instances import domain_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link
from simcoalesce.compiled.state import DOWN, GO_UP, LABELS, UP, State, Task
from simcoalesce.compiled.tasks import frame
from simcoalesce.compiled.timers import Timer, firings, new_timer, set_timer
from simcoalesce.model.layers.single_flight import SingleFlight

_LED, _FOLLOWED = LABELS, LABELS + 1


class SingleFlightLevel(FlightsLevel):
    """What the layer is told."""

    wait_ns: int
    """After how long each waiter removes what is in the map; 0 if none does."""


class SingleFlightFrame(FlightFrame):
    """What it keeps of a task."""

    table_key: int
    """Under which it removes what is in the map."""
    patience: Link[Timer]


@inner
def step(
    m: State, task: Task, own: SingleFlightLevel, mine: SingleFlightFrame, entry: int
) -> int:
    """In each isolate, one fetch of a key at a time; others wait for it."""
    says = _go_on(m, task, own, mine, entry)
    if says == GO_UP:
        _end(mine)
    return says


@inner
def _go_on(
    m: State, task: Task, own: SingleFlightLevel, mine: SingleFlightFrame, entry: int
) -> int:
    if entry == DOWN:
        mine.leads, mine.patience = False, Timer(m, NOBODY)
        domain = domain_of(m, task, own)
        if own.wait_ns:
            mine.table_key = table_key_of(own, domain, task.key)
            mine.patience = new_timer(m, task, own, _FORGETS)
            set_timer(m, mine.patience, m.now + own.wait_ns)
        return flights.join(m, task, own, mine, domain, (_LED, _FOLLOWED))
    if entry == UP:
        flights.land_led(m, task, mine)
        return GO_UP
    if entry == _LED:
        return flights.lead(m, task, own, mine, _LED)
    return flights.follow(task, mine)


@inner
def close(
    m: State, task: Task, own: SingleFlightLevel, mine: SingleFlightFrame
) -> bool:
    """End what a task does here whose caller is gone."""
    if mine.leads:
        flights.break_off(m, task, own, mine)
    _end(mine)
    return False


@inner
def _end(mine: SingleFlightFrame) -> None:
    """Turn the timer off, if there is one that has not fired."""
    if mine.patience:
        mine.patience.is_off = True


@inner
def _forget(m: State, timer: Timer) -> None:
    """Let the key of one that has waited so long be fetched by somebody else."""
    its = SingleFlightFrame(m, frame(timer.setter, timer.level).at)
    its.patience = Timer(m, NOBODY)
    flights.forget(m, its.table_key)


def fill(own: SingleFlightLevel, layer: SingleFlight, parameters: Parameters) -> None:
    """Write what the layer's fields do not say under the same names."""
    own.served_by = parameters.code_of(layer.served_by)
    flights.fill_cleanup(own, layer.cleanup)
    own.leaves = flights.LEAVES.index(layer.leader_leaves or "error_and_keep")
    if layer.forget_after_ns is not None and layer.forgotten_by == "each_waiter":
        own.wait_ns, own.forget_after_ns = layer.forget_after_ns, 0


_FORGETS: Final = firings.add(_forget)
