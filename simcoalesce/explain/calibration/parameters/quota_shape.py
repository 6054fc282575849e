"""The period over which the origin counts the calls that it admits."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Factor
from simcoalesce.explain.scenario_edit import (
    DoesNotApply,
    ScenarioEdit,
    scaled,
    scaled_counts,
)


class QuotaShape(Factor):
    """The same rate in the long run, counted over a longer or a shorter time."""

    key = "origin.rate_limit"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        limits = [one for one in edit.limits() if one["kind"] != "concurrency"]
        if not limits:
            raise DoesNotApply("the origin's limit is no rate")
        for limit in limits:
            limit.update(scaled_counts(limit, setting))
            if "per" in limit:
                limit["per"] = scaled(limit["per"], setting)
        return Clause("the origin's limit was {}", edit.limit_text())
