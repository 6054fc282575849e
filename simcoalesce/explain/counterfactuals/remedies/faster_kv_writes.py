"""A KV write that is visible sooner."""

from collections.abc import Sequence
from typing import Final, Literal, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario

STEPS: Final = 64


class FasterKvWrites(Remedy):
    """A fraction of the time that a write takes."""

    label = "KV writes four times as fast"
    setting = "KV writes of {}"

    kind: Literal["faster_kv_writes"] = "faster_kv_writes"
    factor: float = 0.25
    """Times the latency of a write."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        before, after = edit.scale_latency("kv.write", "write_latency", self.factor)
        return f"KV write {before} → {after}"

    @override
    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        return [type(self)(factor=step / STEPS) for step in range(STEPS - 1, -1, -1)]
