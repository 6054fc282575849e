"""One number of a back-test, recorded and predicted."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["1", "s"]


@dataclass(frozen=True)
class BackTestLine:
    """One number, recorded and predicted.

    Attributes:
        name: The metric.
        unit: 1 or s.
        recorded: What the log says.
        predicted: The mean of the simulated runs.
        deviation: The standard deviation from run to run.
        tolerance: How far apart they may be.
        decides: Whether the verdict depends on it.
    """

    name: str
    unit: Unit
    recorded: float
    predicted: float
    deviation: float
    tolerance: float
    decides: bool = True

    @property
    def agrees(self) -> bool:
        """Whether the prediction is near enough."""
        return abs(self.predicted - self.recorded) <= self.tolerance

    @property
    def error_ratio(self) -> float | None:
        """How much more (less) is predicted than recorded; None of nothing."""
        return self.predicted / self.recorded - 1 if self.recorded else None

    @property
    def sentence(self) -> str:
        """Both values, as a sentence without an end."""
        if self.unit == "s":
            pair = f"{self.predicted * 1e3:,.0f} ms", f"{self.recorded * 1e3:,.0f} ms"
        else:
            pair = f"{self.predicted:,.0f}", f"{self.recorded:,.0f}"
        return f"{self.name} is {pair[0]} where the log has {pair[1]}"
