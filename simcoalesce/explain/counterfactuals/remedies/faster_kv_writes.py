"""A KV write that is visible sooner."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class FasterKvWrites(Remedy):
    """A fraction of the time that a write takes."""

    label = "KV writes four times as fast"
    setting = "KV writes of {}"
    parameter, strengths = "factor", tuple(step / 64 for step in reversed(range(64)))

    factor: float = 0.25
    """Times the latency of a write."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        before, after = edit.scale_latency("kv.write", "write_latency", self.factor)
        return f"KV write {before} → {after}"
