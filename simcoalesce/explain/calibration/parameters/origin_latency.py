"""How long the origin takes."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit


class OriginLatency(Factor):
    """The time that a call takes, times a factor."""

    key = "origin.latency"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        before, after = edit.scale_latency("origin", "latency", setting)
        return f"the origin took {after}, not {before}"
