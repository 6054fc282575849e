"""A burst that is spread out: the push is sent over a longer time."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit, scaled
from simcoalesce.scenario.scenario import Scenario


class SpreadArrivals(Remedy):
    """The same clients, later; for who owns the push that brings them."""

    label: ClassVar[str] = "push spread out"
    is_cause: ClassVar[bool] = True

    kind: Literal["spread_arrivals"] = "spread_arrivals"
    factor: float = 25.0
    """Times the length of each burst."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        bursts = edit.bursts()
        before = bursts[0]["within"]
        for burst in bursts:
            burst["within"] = scaled(burst["within"], self.factor)
        return f"burst within {before} → {bursts[0]['within']}"

    @override
    def gentlest_first(self, scenario: Scenario) -> Sequence[Self]:
        return [type(self)(factor=2 ** (step / 4)) for step in range(1, 40)]
