"""How long the origin takes."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Factor, duration_ns
from simcoalesce.explain.scenario_edit import ScenarioEdit


class OriginLatency(Factor):
    """The time that a call takes, times a factor."""

    key = "origin.latency"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        before, after = edit.scale_latency("origin", "latency", setting)
        return Clause(f"the origin took {{}}, not {before}", after)

    @override
    def unit(self, edit: ScenarioEdit) -> float:
        return duration_ns(edit.layer("origin")["latency"])
