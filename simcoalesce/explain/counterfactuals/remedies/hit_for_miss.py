"""Varnish that remembers which answers cannot be stored, so nobody waits for them."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, parse_duration


class HitForMiss(Remedy):
    """``beresp.uncacheable``: waiting requests fetch at once, not one after another."""

    label = "hit-for-miss"

    mark_ns: PositiveDuration = default("120s")
    """How long a key is marked (the default of builtin.vcl)."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache, mark = edit.layer("waiting_list"), self.document()["mark"]
        if parse_duration(cache["hit_for_miss"]):
            raise DoesNotApply(
                "the keys of answers that cannot be stored are marked already"
            )
        cache["hit_for_miss"] = mark
        return f"keys of answers that cannot be stored are marked for {mark}"
