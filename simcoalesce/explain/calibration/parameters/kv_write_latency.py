"""How long a KV write took."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.calibration.parameter import Factor
from simcoalesce.explain.scenario_edit import ScenarioEdit, latency_text, scaled


class KvWriteLatency(Factor):
    """The time until a write is visible, times a factor."""

    key: ClassVar[str] = "kv.write_latency"

    kind: Literal["kv_write_latency"] = "kv_write_latency"

    @override
    def adjust(self, edit: ScenarioEdit, setting: float) -> str:
        write = edit.layer("kv.write")
        before = write["write_latency"]
        write["write_latency"] = scaled(before, setting)
        after = latency_text(write["write_latency"])
        return f"a KV write took {after}, not {latency_text(before)}"
