"""first, as `model.faults.first` has it."""

from simcoalesce.compiled.fault import FaultRecord, counted
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State, Task


class FirstRecord(FaultRecord):
    """What the fault says."""

    calls: int


@inner
def strikes(m: State, fault: FirstRecord, task: Task) -> bool:
    """Strike the first calls."""
    return counted(m, fault, task) <= fault.calls
