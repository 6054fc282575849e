"""A burst that is spread out: the push is sent over a longer time."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class SpreadArrivals(Remedy):
    """The same requests over a longer time; for the owner of the push."""

    label = "push spread out"
    setting = "a burst within {}"
    is_cause = True
    parameter, strengths = "factor", tuple(2 ** (step / 4) for step in range(1, 40))

    factor: float = 25.0
    """Times the length of each burst."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        before, after = edit.scale_bursts(self.factor)
        return f"burst within {before} → {after}"
