"""Calls with certain numbers fail."""

from typing import Literal

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.model.fault import Fault
from simcoalesce.units import PositiveCount


class NumberedCalls(Fault):
    """Calls `from` to `to` of those that the origin admits, or of those of each key."""

    kind: Literal["calls"] = "calls"
    from_call: PositiveCount
    """Number of the first such call; the origin's first call is 1."""
    to_call: PositiveCount
    """Number of the last such call."""
    each_key: bool = False
    """Whether each key's calls are counted by themselves."""

    @model_validator(mode="after")
    def _in_order(self) -> "NumberedCalls":
        if self.to_call < self.from_call:
            raise ValueError("to is less than from")
        return self

    @property
    @override
    def counts_each_key(self) -> bool:
        return self.each_key

    @property
    @override
    def says_which(self) -> str:
        each = " for each key" if self.each_key else ""
        if self.from_call == self.to_call:
            return f"call {self.from_call:,}{each}"
        return f"calls {self.from_call:,} to {self.to_call:,}{each}"

    @override
    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        return self.from_call <= call + 1 <= self.to_call
