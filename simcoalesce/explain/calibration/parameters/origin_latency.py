"""How long the origin took."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit, latency_text, scaled


class OriginLatency(Factor):
    """The time that a call takes, times a factor."""

    key: ClassVar[str] = "origin.latency"

    kind: Literal["origin_latency"] = "origin_latency"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        origin = edit.layer("origin")
        before = origin["latency"]
        origin["latency"] = scaled(before, setting)
        after = latency_text(origin["latency"])
        return f"the origin took {after}, not {latency_text(before)}"
