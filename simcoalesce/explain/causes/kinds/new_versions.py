"""New versions of keys."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class NewVersions(Cause):
    """A deployment changes the keys, e.g. a version in a path."""

    label: ClassVar[str] = "keys get new names, and nothing is stored under them"
    precedence: ClassVar[float] = 1

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        traffic = edit.document["traffic"]
        if not traffic["new_key_version_at"]:
            raise DoesNotApply("keys keep their names")
        traffic["new_key_version_at"] = []
        return "keys keep their names"
