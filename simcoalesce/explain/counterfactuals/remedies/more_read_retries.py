"""Traffic Server whose readers retry until a fetch is over."""

from collections.abc import Sequence
from typing import Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import PositiveCount


class MoreReadRetries(Remedy):
    """``read_while_writer.max_retries``; its parameter is their number."""

    label = "more read-while-writer retries"
    effort = "setting"
    warning = "a fetch that hangs keeps its readers waiting for as long"
    setting = "{} retries"

    retries: PositiveCount = 100
    """How often a reader retries while the key is being written."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries_of_kind("bounded_retries"),
            self._retry,
            "readers retry that often already",
        )

    def _retry(self, one: LayerEntry) -> str:
        has_fewer = one.written["retries"] < self.retries
        return one.change("retries", self.retries) if has_fewer else ""

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        now = [getattr(one, "retries", 0) for one in scenario.path]
        numbers = range(1, max(10 * max(now), 100) + 1)
        return self.stronger([type(self)(retries=one) for one in numbers], scenario)
