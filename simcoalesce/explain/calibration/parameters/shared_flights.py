"""How many isolates there are, if the misses of each share a fetch already."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import (
    Clause,
    Parameter,
    spread_out,
)
from simcoalesce.explain.scenario_edit import ScenarioEdit


class SharedFlights(Parameter):
    """The misses of an isolate share a fetch; its value is the number of isolates."""

    key = "path"
    grid = tuple(sorted({float(round(1.1**step)) for step in range(90)}))
    sides = spread_out(grid)

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        edit.insert_behind_caches({"single_flight": {}})
        edit.document["traffic"]["isolates"] = int(setting)
        says = "each of {} already let its misses share one fetch"
        return Clause(says, f"{int(setting):,}", " isolates")

    @override
    def distance(self, setting: float) -> float:
        # A mechanism that nobody reported, and a number: all numbers cost the same.
        return 2.0
