"""How long a KV write takes."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Clause, Factor, duration_ns
from simcoalesce.explain.scenario_edit import ScenarioEdit


class KvWriteLatency(Factor):
    """The time until a write is visible, times a factor."""

    key = "kv.write_latency"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> Clause:
        before, after = edit.scale_latency("kv.write", "write_latency", setting)
        return Clause(f"a KV write took {{}}, not {before}", after)

    @override
    def unit(self, edit: ScenarioEdit) -> float:
        return duration_ns(edit.layer("kv.write")["write_latency"])
