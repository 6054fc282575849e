"""One fetch at a time in each isolate."""

from collections.abc import Sequence
from typing import Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import PositiveCount


class SingleFlightPerIsolate(Remedy):
    """The misses of an isolate share a fetch; its parameter is how many isolates."""

    label = "single flight in each isolate"
    is_cause = True

    isolates: PositiveCount | None = None
    """Isolates in each location; unchanged if absent."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.insert_behind_caches({"single_flight": {}})
        traffic = edit.document["traffic"]
        if self.isolates is not None:
            traffic["isolates"] = self.isolates
        number = traffic["isolates"]
        return f"{number} isolate{'' if number == 1 else 's'}"

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        most = scenario.traffic.isolates_of_a_key
        numbers = sorted({max(round(most / 1.15**step), 1) for step in range(60)})
        return [type(self)(isolates=number) for number in reversed(numbers)]
