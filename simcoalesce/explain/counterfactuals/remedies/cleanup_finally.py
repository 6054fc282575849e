"""A map of fetches in flight from which every fetch is removed, however it ends."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class CleanupFinally(Remedy):
    """``then`` alone leaves a failure in the map, ``catch`` alone a success."""

    label = "in-flight map cleaned up in a finally"
    effort = "code"
    setting = "clean-up in a {}"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        maps = edit.entries("cleanup", called="map of fetches in flight")
        return everywhere(
            maps,
            lambda one: one.change("cleanup", "finally"),
            "every map is cleaned up in a finally already",
        )
