"""Fetches of the same key by each isolate and each location."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.explain.causes.cause import Cause
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario


class Duplication(Cause):
    """One location with one isolate has nothing to duplicate."""

    kind: ClassVar[str] = "per_place_duplication"
    label: ClassVar[str] = "each isolate and each location fetches for itself"
    precedence: ClassVar[float] = 2

    @override
    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        traffic = edit.document["traffic"]
        locations, isolates = traffic["locations"], traffic["isolates"]
        if not any(one.stores or one.makes_wait for one in scenario.path):
            raise DoesNotApply("nothing is kept or shared anywhere")
        if len(locations) <= 1 and isolates <= 1:
            raise DoesNotApply("there is one isolate only")
        traffic.update(locations={next(iter(locations)): 1.0}, isolates=1)
        traffic.update(routing="random", spill_over="0%", spill_above="unlimited")
        return f"locations {len(locations)} → 1, isolates of each {isolates} → 1"
