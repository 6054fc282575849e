"""A map of fetches in flight from which every fetch is removed, however it ends."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class CleanupFinally(Remedy):
    """``then`` alone leaves a failure in the map, ``catch`` alone a success."""

    label: ClassVar[str] = "in-flight map cleaned up in a finally"
    layers: ClassVar[Sequence[str]] = ("single_flight", "durable_object")

    kind: Literal["cleanup_finally"] = "cleanup_finally"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        maps = [one for kind in self.layers for one in edit.layers(kind)]
        if not maps:
            raise DoesNotApply("the path has no map of fetches in flight")
        before = [one["cleanup"] for one in maps if one["cleanup"] != "finally"]
        if not before:
            raise DoesNotApply("every map is cleaned up in a finally already")
        for one in maps:
            one["cleanup"] = "finally"
        return f"clean-up {before[0]} → finally"
