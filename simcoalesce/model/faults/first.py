"""The first calls fail."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.fault import Fault
from simcoalesce.units import PositiveCount


class First(Fault):
    """The first `calls` calls that the origin admits, or those of each key."""

    kind: Literal["first"] = "first"
    calls: PositiveCount
    """How many."""
    each_key: bool = False
    """Whether each key's calls are counted by themselves."""

    @property
    @override
    def counts_each_key(self) -> bool:
        return self.each_key

    @property
    @override
    def says_which(self) -> str:
        each = " for each key" if self.each_key else ""
        calls = "call" if self.calls == 1 else f"{self.calls:,} calls"
        return f"the first {calls}{each}"

    @override
    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        return call < self.calls
