"""Varnish that remembers which answers cannot be stored, so nobody waits for them."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration, parse_duration


class HitForMiss(Remedy):
    """``beresp.uncacheable``: waiting requests fetch at once, not one after another."""

    label = "hit-for-miss"
    effort = "setting"
    warning = "while a key is marked, all who ask for it fetch"

    mark_ns: PositiveDuration = default("120s")
    """How long a key is marked (the default of builtin.vcl)."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries_of_kind("waiting_list"),
            self._mark,
            "the keys of answers that cannot be stored are marked already",
        )

    def _mark(self, one: LayerEntry) -> str:
        if parse_duration(one.written["hit_for_miss"]):
            return ""
        return one.change("hit_for_miss", format_duration(self.mark_ns))
