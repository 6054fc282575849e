"""Bursts that are spread out: the push is sent over a longer time."""

import re
from typing import Annotated, Final

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit

_SPREAD: Final = re.compile(r"(\w+ (?:within|of)) .*? → (.*?)(?= at | and |;|$)")


class SpreadArrivals(Remedy):
    """The same requests over a longer time; for the owner of the push."""

    label = "push spread out"
    effort = "setting"
    warning = "the last clients get the push that much later"
    parameter, strengths = "factor", tuple(2 ** (step / 4) for step in range(1, 40))

    factor: Annotated[float, Field(gt=1, le=10_000)] = 25.0
    """Times the length of each burst."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return edit.spread_bursts(self.factor)

    @override
    def value_text(self, changed: str) -> str:
        phases = _SPREAD.findall(changed)
        return " and ".join(
            dict.fromkeys(f"a {what} {value}" for what, value in phases)
        )
