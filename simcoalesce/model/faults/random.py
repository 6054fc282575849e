"""Calls fail now and then."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.fault import Fault
from simcoalesce.units import Ratio


class Random(Fault):
    """Each call, with a probability."""

    kind: Literal["random"] = "random"
    probability_ratio: Ratio
    """Share of the calls."""

    @property
    @override
    def says_which(self) -> str:
        return f"{100 * self.probability_ratio:.3g} % of the calls, by chance"

    @override
    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        return uniform < self.probability_ratio
