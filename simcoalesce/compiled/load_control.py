"""Load control, as `model.load_control` has it: who is refused, and where state is."""

from typing import Final

from simcoalesce.compiled.instances import domain_of, location_of
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.state import GO_UP, Level, State, Task
from simcoalesce.compiled.tasks import set_failure
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.load_control import LoadControl

_KEPT_IN: Final = ("isolate", "location", "global")
_ISOLATE, _LOCATION, _GLOBAL = range(3)


class LoadControlLevel(Level):
    """What every such layer is told."""

    kept: int
    """Where its state is kept, by its number."""
    is_client: bool
    """Whether it stands before the worker."""
    refused: int
    """How many requests it has refused."""


@inner
def instance_of_state(m: State, task: Task, own: LoadControlLevel) -> int:
    """Return in which instance the state for a request is kept."""
    if own.kept == _GLOBAL:
        return 0
    return (
        domain_of(m, task, own) if own.kept == _ISOLATE else location_of(m, task, own)
    )


@inner
def refuse(
    m: State, task: Task, own: LoadControlLevel, status: int, retry_after: int
) -> int:
    """Refuse a request, now."""
    own.refused += 1
    withdraw(m, own)
    set_failure(m, task, status, 0, own.served_by)
    task.answer.retry_after = retry_after
    return GO_UP


@inner
def withdraw(m: State, own: LoadControlLevel) -> None:
    """Note that a request goes no further: it is no request of the worker's."""
    m.usage.worker_requests -= own.is_client


def fill_control(
    own: LoadControlLevel,
    layer: LoadControl,
    context: LayerContext,
    parameters: Parameters,
    unit: str,
) -> None:
    """Write what all such layers are told.

    Args:
        own: Where it is written.
        layer: The layer.
        context: Where it stands.
        parameters: What else is written.
        unit: The counted operation of its refusals.
    """
    own.kept = _KEPT_IN.index(layer.kept_in)
    own.served_by = parameters.code_of(layer.served_by)
    own.is_client = context.is_client
    parameters.counter(own, unit, "refused")
