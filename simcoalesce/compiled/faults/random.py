"""random, as `model.faults.random` has it."""

from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.fault import FaultRecord
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import Task


class RandomRecord(FaultRecord):
    """What the fault says."""

    probability_ratio: float


@inner
def strikes(fault: RandomRecord, task: Task) -> bool:
    """Strike each call with a probability."""
    drawn = uniform(fault.stream, task.request, task.attempt)
    return drawn < fault.probability_ratio
