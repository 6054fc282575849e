"""An origin that answers sooner."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit, scaled


class FasterOrigin(Remedy):
    """A fraction of the time that a call takes; refusals take as long as before."""

    label = "origin twice as fast"
    setting = "an origin latency of {}"
    is_cause = True
    parameter, strengths = "factor", tuple(step / 64 for step in reversed(range(64)))

    factor: float = 0.5
    """Times the latency of a call."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        before, after = edit.scale_latency("origin", "latency", self.factor)
        for origin in edit.layers("origin"):
            own = origin.get("latency_of", {})
            origin["latency_of"] = {key: scaled(own[key], self.factor) for key in own}
        return f"origin {before} → {after}"
