"""Values that live longer."""

from typing import Annotated

from pydantic import Field
from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.explain.written_values import length_ns, scaled


class LongerTtl(Remedy):
    """The ttl of every store, and the max-age that the origin says, times a factor."""

    label = "ttl ten times as long"
    effort = "setting"
    warning = "content that has changed is shown for so much longer"
    setting = "a ttl of {}"
    parameter, strengths = "factor", (2, 3, 5, 10, 20, 50, 100, 200, 500, 1_000)

    factor: Annotated[int, Field(ge=2, le=100_000)] = 10
    """Times the lifetime of each value."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        stores = edit.entries("ttl", called="store with a ttl")
        lengths_ns = [length_ns(one.written["ttl"]) for one in stores]
        says_age = any(origin.written.get("max_age") for origin in edit.entries())
        holds = any(one.written.get("initial") for one in stores)
        lasts_ns = length_ns(edit.document["duration"])
        if min(lengths_ns) >= lasts_ns and not says_age and not holds:
            raise DoesNotApply("no value expires before the run is over")
        return everywhere(edit.entries(), self._lengthen, "no value has a lifetime")

    def _lengthen(self, one: LayerEntry) -> str:
        texts = []
        for name in ("ttl", "soft_ttl", "max_age"):
            now = one.written.get(name)
            if one.has(name) and now:
                texts.append(one.change(name, scaled(now, self.factor)))
        return " and ".join(filter(None, texts))
