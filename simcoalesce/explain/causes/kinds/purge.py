"""Purges and restarts."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.suggestion import listed
from simcoalesce.units import format_duration


class EmptiedCaches(Cause):
    """Something happens to the edge that empties stores."""

    label: ClassVar[str] = "caches are emptied during the run"
    precedence: ClassVar[float] = 1

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        changes = scenario.changes
        if not edit.document["changes"]:
            raise DoesNotApply("nothing happens to the edge")
        edit.document["changes"] = []
        kinds = (f"{one.kind} at {format_duration(one.at_ns)}" for one in changes)
        return f"no {listed(kinds)}"
