"""How many calls the origin admits."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit


class Quota(Factor):
    """Every rate limit of the origin, times a factor."""

    key = "origin.rate_limit"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        edit.scale_limits(setting)
        return f"the origin's limit was {edit.limit_text()}"
