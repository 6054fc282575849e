"""An origin that admits more calls."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class HigherLimit(Remedy):
    """Every rate limit of the origin, times a factor."""

    label = "origin limit times four"
    effort = "setting"
    warning = "the origin has to serve what its limit spared it"
    parameter, strengths = "factor", tuple(2 ** (step / 4) for step in range(1, 41))

    factor: Annotated[float, Field(gt=1)] = 4.0
    """Times what the origin admits."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return edit.scale_limits(self.factor)

    @override
    def value_text(self, changed: str) -> str:
        return f"an origin limit times {float(f'{self.factor:.2g}'):,.10g}"
