"""An origin that answers sooner."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit, scaled


class FasterOrigin(Remedy):
    """A fraction of the time that a call takes; refusals take as long as before."""

    label = "origin twice as fast"
    effort = "component"
    setting = "an origin latency of {}"
    parameter, strengths = "factor", tuple(step / 64 for step in reversed(range(64)))

    factor: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """Times the latency of a call."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries_of_kind("origin"),
            self._speed_up,
            "the origin takes no time already",
        )

    def _speed_up(self, origin: LayerEntry) -> str:
        own = origin.written.get("latency_of", {})
        faster = {key: scaled(own[key], self.factor) for key in own}
        origin.written["latency_of"] = faster
        return origin.scale("latency", self.factor)
