"""How many isolates there are, if the misses of each share a fetch already."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Parameter, spread_out
from simcoalesce.explain.scenario_edit import ScenarioEdit


class SharedFlights(Parameter):
    """The misses of an isolate share a fetch; its value is the number of isolates."""

    key = "path"
    grid = tuple(sorted({float(round(1.1**step)) for step in range(90)}))
    sides = spread_out(grid)

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        edit.insert_behind_caches({"single_flight": {}})
        edit.document["traffic"]["isolates"] = int(setting)
        about = (
            f"{setting:.0f}"
            if setting < 100
            else f"about {float(f'{setting:.2g}'):,.0f}"
        )
        return f"each of {about} isolates already let its misses share one fetch"

    @override
    def distance(self, setting: float) -> float:
        # A mechanism that nobody reported, and a number: all numbers cost the same.
        return 2.0
