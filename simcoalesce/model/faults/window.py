"""Calls in a chunk of time fail."""

from typing import Literal

from pydantic import model_validator
from typing_extensions import override

from simcoalesce.model.fault import Fault
from simcoalesce.spec import default
from simcoalesce.units import Duration, format_duration


class FaultWindow(Fault):
    """Calls made in [from, until)."""

    kind: Literal["window"] = "window"
    from_ns: Duration = default("0s")
    """When it begins."""
    until_ns: Duration
    """When it is over."""

    @model_validator(mode="after")
    def _in_order(self) -> "FaultWindow":
        if self.until_ns <= self.from_ns:
            raise ValueError("until is not after from")
        return self

    @property
    @override
    def says_which(self) -> str:
        until = format_duration(self.until_ns)
        return f"calls from {format_duration(self.from_ns)} until {until}"

    @override
    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        return self.from_ns <= at_ns < self.until_ns
