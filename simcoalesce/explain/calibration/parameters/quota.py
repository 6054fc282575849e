"""How many calls the origin admits."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.units import parse_count


class Quota(Factor):
    """Every rate limit of the origin, times a factor."""

    key = "origin.rate_limit"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        edit.scale_limits(setting)
        return Clause("the origin's limit was {}", edit.limit_text())

    @override
    def unit(self, edit: ScenarioEdit) -> float:
        limit = edit.limits()[0]
        return float(parse_count(limit["limit"])) if "limit" in limit else 1.0
