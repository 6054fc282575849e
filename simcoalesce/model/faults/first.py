"""The first calls fail."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.fault import Fault
from simcoalesce.units import PositiveCount


class First(Fault):
    """The first `calls` calls that the origin admits."""

    kind: Literal["first"] = "first"
    calls: PositiveCount
    """How many."""

    @override
    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        return call < self.calls
