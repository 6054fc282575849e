"""Varnish that coalesces again soon after an error."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, parse_duration


class ShorterHitForMiss(Remedy):
    """A 429 or a 5xx marks its key, and every request fetches while the mark lasts."""

    label = "shorter hit-for-miss"

    mark_ns: PositiveDuration = default("1s")
    """How long a key is marked; its grace is added."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache, mark = edit.layer("waiting_list"), self.document()["mark"]
        before = cache["hit_for_miss"]
        if parse_duration(before) <= self.mark_ns:
            raise DoesNotApply(f"no mark lasts longer than {mark}")
        cache["hit_for_miss"] = mark
        return f"hit-for-miss {before} → {mark}"
