"""Traffic Server whose readers retry until a fetch is over."""

from collections.abc import Sequence
from typing import Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.model.layers.bounded_retries import BoundedRetries
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import PositiveCount


class MoreReadRetries(Remedy):
    """``read_while_writer.max_retries``; its parameter is their number."""

    label = "more read-while-writer retries"
    is_cause = True

    retries: PositiveCount = 100
    """How often a reader retries while the key is being written."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache = edit.layer("bounded_retries")
        before = cache["retries"]
        if before >= self.retries:
            raise DoesNotApply("readers retry that often already")
        cache["retries"] = self.retries
        return f"{before} → {self.retries} retries"

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        now = [one.retries for one in scenario.path if isinstance(one, BoundedRetries)]
        if not now:
            return ()
        numbers = range(now[0] + 1, max(10 * now[0], 100) + 1)
        return [type(self)(retries=number) for number in numbers]
