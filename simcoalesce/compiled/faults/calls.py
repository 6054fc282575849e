"""calls, as `model.faults.calls` has it."""

from simcoalesce.compiled.fault import FaultRecord, counted
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State, Task


class NumberedCallsRecord(FaultRecord):
    """What the fault says."""

    from_call: int
    to_call: int


@inner
def strikes(m: State, fault: NumberedCallsRecord, task: Task) -> bool:
    """Strike calls with certain numbers."""
    call = counted(m, fault, task)
    return fault.from_call <= call <= fault.to_call
