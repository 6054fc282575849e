"""Cold starts."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class ColdStart(Cause):
    """A new isolate takes time before it serves."""

    label: ClassVar[str] = "isolates that start make requests wait"
    precedence: ClassVar[float] = 1

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        worker = edit.document["worker"]
        before = worker["cold_start"]
        if before == "0ms":
            raise DoesNotApply("isolates start at once")
        worker["cold_start"] = "0ms"
        return f"cold start {before} → 0ms"
