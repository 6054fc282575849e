"""How long a KV write takes."""

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit


class KvWriteLatency(Factor):
    """The time until a write is visible, times a factor."""

    key = "kv.write_latency"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        before, after = edit.scale_latency("kv.write", "write_latency", setting)
        return f"a KV write took {after}, not {before}"
