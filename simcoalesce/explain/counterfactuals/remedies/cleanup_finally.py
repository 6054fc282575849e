"""A map of fetches in flight from which every fetch is removed, however it ends."""

from typing import Final

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, NoSuchLayer, ScenarioEdit

_MAPS: Final = ("single_flight", "durable_object")


class CleanupFinally(Remedy):
    """``then`` alone leaves a failure in the map, ``catch`` alone a success."""

    label = "in-flight map cleaned up in a finally"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        maps = [one for kind in _MAPS for one in edit.layers(kind)]
        if not maps:
            raise NoSuchLayer("the path has no map of fetches in flight")
        before = [one["cleanup"] for one in maps if one["cleanup"] != "finally"]
        if not before:
            raise DoesNotApply("every map is cleaned up in a finally already")
        for one in maps:
            one["cleanup"] = "finally"
        return f"clean-up {before[0]} → finally"
