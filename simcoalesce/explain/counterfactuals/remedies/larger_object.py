"""An object that takes more requests in a second."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.units import format_rate, parse_rate


class LargerObject(Remedy):
    """Its capacity times a factor; its own work, which queues the others, divided."""

    label = "object of four times the capacity"
    effort = "component"
    warning = "a platform's limit cannot be raised: it takes another kind of server"
    setting = "an object of {}"
    parameter, strengths = "factor", tuple(2**step for step in range(1, 11))

    factor: Annotated[float, Field(gt=1, le=100_000)] = 4.0
    """Times what it takes."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries("capacity", called="object with a capacity"),
            self._enlarge,
            "the object takes any number of requests at once",
        )

    def _enlarge(self, one: LayerEntry) -> str:
        texts = [
            one.scale(name, 1 / self.factor)
            for name in ("service_time", "storage_time", "storage_after")
            if one.has(name)
        ]
        now = one.written["capacity"]
        if now != "unlimited":
            larger = format_rate(float(f"{parse_rate(now) * self.factor:.3g}"))
            texts.append(one.change("capacity", larger))
        return " and ".join(filter(None, texts))
