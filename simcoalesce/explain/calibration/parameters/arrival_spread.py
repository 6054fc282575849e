"""How long the burst took."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit, scaled


class ArrivalSpread(Factor):
    """The same requests within a longer or a shorter time."""

    key: ClassVar[str] = "traffic.arrivals[0].within"

    kind: Literal["arrival_spread"] = "arrival_spread"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        bursts = edit.bursts()
        before = bursts[0]["within"]
        for burst in bursts:
            burst["within"] = scaled(burst["within"], setting)
        return f"the requests came within {bursts[0]['within']}, not {before}"
