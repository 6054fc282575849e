"""An origin that admits more calls."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class HigherLimit(Remedy):
    """Every rate limit of the origin, times a factor."""

    label = "origin limit times four"
    setting = "an {}"
    parameter, strengths = "factor", tuple(2 ** (step / 4) for step in range(1, 41))

    factor: float = 4.0
    """Times what the origin admits."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.scale_limits(self.factor)
        return f"origin limit times {float(f'{self.factor:.2g}'):,.10g}"
