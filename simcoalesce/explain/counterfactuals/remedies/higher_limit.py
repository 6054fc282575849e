"""An origin that admits more calls."""

from collections.abc import Sequence
from typing import Literal, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class HigherLimit(Remedy):
    """Every rate limit of the origin, times a factor."""

    label = "origin limit times four"
    setting = "an {}"

    kind: Literal["higher_limit"] = "higher_limit"
    factor: float = 4.0
    """Times what the origin admits."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.scale_limits(self.factor)
        return f"origin limit times {float(f'{self.factor:.2g}'):,.10g}"

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        return [type(self)(factor=2 ** (step / 4)) for step in range(1, 41)]
