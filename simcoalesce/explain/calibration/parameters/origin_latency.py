"""How long the origin takes."""

from typing import Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit


class OriginLatency(Factor):
    """The time that a call takes, times a factor."""

    key = "origin.latency"

    kind: Literal["origin_latency"] = "origin_latency"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        before, after = edit.scale_latency("origin", "latency", setting)
        return f"the origin took {after}, not {before}"
