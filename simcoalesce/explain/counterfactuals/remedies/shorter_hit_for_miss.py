"""Varnish that coalesces again soon after an error."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, format_duration


class ShorterHitForMiss(Remedy):
    """A 429 or a 5xx marks its key, and every request fetches while the mark lasts."""

    label = "shorter hit-for-miss"
    effort = "setting"
    warning = "keys whose answers can never be stored are waited for again and again"

    mark_ns: PositiveDuration = default("1s")
    """How long a key is marked; its grace is added."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        caches, mark = (
            edit.entries_of_kind("waiting_list"),
            format_duration(self.mark_ns),
        )
        return everywhere(
            caches,
            lambda one: one.shorten("hit_for_miss", mark),
            f"no mark lasts longer than {mark}",
        )
