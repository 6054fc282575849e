"""A store with room for more values."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.written_values import UNLIMITED
from simcoalesce.units import parse_count


class LargerStore(Remedy):
    """Every bounded store holds so many times the values."""

    label = "store ten times as large"
    effort = "setting"
    warning = "it takes so much more memory"
    setting = "room for {} values"
    parameter, strengths = "factor", (2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000)

    factor: Annotated[int, Field(ge=2, le=1_000_000)] = 10
    """Times the values that it holds."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        bounded = edit.entries("max_entries", called="bounded store")
        return everywhere(bounded, self._enlarge, "every store holds all values")

    def _enlarge(self, one: LayerEntry) -> str:
        now = one.written.get("max_entries", UNLIMITED)
        if now == UNLIMITED:
            return ""
        return one.change("max_entries", parse_count(now) * self.factor)
