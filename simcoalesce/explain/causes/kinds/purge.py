"""Purges and restarts."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class EmptiedCaches(Cause):
    """Something happens to the edge that empties stores."""

    label: ClassVar[str] = "caches are emptied during the run"
    precedence: ClassVar[float] = 1

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        changes = edit.document["changes"]
        if not changes:
            raise DoesNotApply("nothing happens to the edge")
        edit.document["changes"] = []
        return f"without {len(changes)} changes of the edge"
