"""How much the origin admitted."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.counterfactuals.remedies.higher_limit import HigherLimit
from simcoalesce.explain.scenario_edit import ScenarioEdit


class Quota(Factor):
    """Every rate limit of the origin, times a factor."""

    key: ClassVar[str] = "origin.rate_limit"

    kind: Literal["quota"] = "quota"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        HigherLimit(factor=setting).apply(edit)
        return f"the origin's limit was {edit.limit_text()}"
