"""How long the burst takes."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit


class ArrivalSpread(Factor):
    """The same requests within a longer or a shorter time."""

    key = "traffic.arrivals[0].within"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        before, after = edit.scale_bursts(setting)
        return f"the requests came within {after}, not {before}"
