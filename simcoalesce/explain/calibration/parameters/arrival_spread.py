"""How long the burst takes."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Factor, duration_ns
from simcoalesce.explain.scenario_edit import ScenarioEdit


class ArrivalSpread(Factor):
    """The same requests within a longer or a shorter time."""

    key = "traffic.arrivals[0].within"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        before, after = edit.scale_bursts(setting)
        return Clause(f"the requests came within {{}}, not {before}", after)

    @override
    def unit(self, edit: ScenarioEdit) -> float:
        return duration_ns(edit.bursts()[0]["within"])
