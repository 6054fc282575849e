"""Traffic Server whose readers look often enough to outlast a fetch."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import PositiveCount


class MoreReadRetries(Remedy):
    """``read_while_writer.max_retries``; its parameter is how many there are."""

    label: ClassVar[str] = "more read-while-writer retries"
    is_cause: ClassVar[bool] = True
    layers: ClassVar[Sequence[str]] = ("bounded_retries",)

    kind: Literal["more_read_retries"] = "more_read_retries"
    retries: PositiveCount = 100
    """How often who finds a key being written looks again."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache = edit.layer("bounded_retries")
        before = cache["retries"]
        if before >= self.retries:
            raise DoesNotApply("readers look as often already")
        cache["retries"] = self.retries
        return f"{before} → {self.retries} looks"

    @override
    def gentlest_first(self, scenario: Scenario) -> Sequence[Self]:
        looks = [one.retries for one in scenario.path if one.kind == "bounded_retries"]
        if not looks:
            return ()
        numbers = range(looks[0] + 1, max(10 * looks[0], 100) + 1)
        return [type(self)(retries=number) for number in numbers]
