"""A KV write that is visible sooner."""

from collections.abc import Sequence
from typing import ClassVar, Final, Literal, Self

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit, latency_text, scaled
from simcoalesce.scenario.scenario import Scenario

STEPS: Final = 64


class FasterKvWrites(Remedy):
    """A fraction of the time that a write takes."""

    label: ClassVar[str] = "KV writes four times as fast"
    layers: ClassVar[Sequence[str]] = ("kv.write",)

    kind: Literal["faster_kv_writes"] = "faster_kv_writes"
    factor: float = 0.25
    """Times the latency of a write."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        write = edit.layer("kv.write")
        before = write["write_latency"]
        write["write_latency"] = scaled(before, self.factor)
        after = write["write_latency"]
        return f"KV write {latency_text(before)} → {latency_text(after)}"

    @override
    def gentlest_first(self, scenario: Scenario) -> Sequence[Self]:
        return [type(self)(factor=step / STEPS) for step in range(STEPS - 1, -1, -1)]
