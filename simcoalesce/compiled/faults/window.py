"""window, as `model.faults.window` has it."""

from simcoalesce.compiled.fault import FaultRecord
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.state import State


class FaultWindowRecord(FaultRecord):
    """What the fault says."""

    from_ns: int
    until_ns: int


@inner
def strikes(m: State, fault: FaultWindowRecord) -> bool:
    """Strike calls made in [from, until)."""
    return fault.from_ns <= m.now < fault.until_ns
