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
    effort = "code"
    warning = "all who wait share the leader's fate: its error, its slow call"
    # How many isolates there are is the platform's choice.
    is_chosen = False
    varies = "traffic.isolates"

    isolates: PositiveCount | None = None
    """Isolates in each location at most; as many as there are if absent."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.insert_behind_caches({"single_flight": {}})
        traffic = edit.document["traffic"]
        number = min(self.isolates or traffic["isolates"], traffic["isolates"])
        traffic["isolates"] = number
        return f"{number} isolate{'' if number == 1 else 's'}"

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        most = scenario.traffic.isolates_of_a_key
        numbers = sorted({max(round(most / 1.15**step), 1) for step in range(60)})
        every = [type(self)(isolates=number) for number in reversed(numbers)]
        return self.stronger(every, scenario)
