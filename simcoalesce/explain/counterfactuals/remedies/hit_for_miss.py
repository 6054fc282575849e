"""Varnish that remembers what cannot be stored, and lets nobody wait for it."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveDuration, parse_duration


class HitForMiss(Remedy):
    """``beresp.uncacheable``: those who wait fetch at once, not one after the other."""

    label: ClassVar[str] = "hit-for-miss"
    layers: ClassVar[Sequence[str]] = ("waiting_list",)

    kind: Literal["hit_for_miss"] = "hit_for_miss"
    mark_ns: PositiveDuration = default("120s")
    """How long a key is marked (the default of builtin.vcl)."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache, mark = edit.layer("waiting_list"), self.document()["mark"]
        if parse_duration(cache["hit_for_miss"]):
            raise DoesNotApply("what cannot be stored is marked already")
        cache["hit_for_miss"] = mark
        return f"what cannot be stored is marked for {mark}"
