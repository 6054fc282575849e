"""A KV write that is visible sooner."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class FasterKvWrites(Remedy):
    """A fraction of the time that a write takes."""

    label = "KV writes four times as fast"
    effort = "component"
    warning = "the platform's own store is as fast as it is: it takes another one"
    setting = "KV writes of {}"
    parameter, strengths = "factor", tuple(step / 64 for step in reversed(range(64)))

    factor: Annotated[float, Field(ge=0, lt=1)] = 0.25
    """Times the latency of a write."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        writes = edit.entries_of_kind("kv.write")
        return everywhere(
            writes,
            lambda one: one.scale("write_latency", self.factor),
            "KV's writes take no time already",
        )
