"""Time-outs that leave a slow answer more time."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class LongerTimeout(Remedy):
    """Every time-out of the path, times a factor."""

    label = "time-outs three times as long"
    effort = "setting"
    warning = "clients of an origin that hangs wait for so much longer"
    setting = "time-outs of {}"
    parameter, strengths = "factor", (1.5, 2, 3, 5, 10, 20, 50)

    factor: Annotated[float, Field(gt=1, le=10_000)] = 3.0
    """Times each time-out."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries_of_kind("timeout"),
            lambda one: one.scale("after", self.factor),
            "no time-out is short enough to be lengthened",
        )
