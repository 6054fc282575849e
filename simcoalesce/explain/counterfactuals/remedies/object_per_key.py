"""One Durable Object for each key."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class ObjectPerKey(Remedy):
    """All misses of a key coalesce in one object and share its fetch."""

    label = "one Durable Object per key"
    effort = "component"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        said = edit.insert_behind_caches({"durable_object": {"id_from": "key"}})
        return f"a map of fetches in flight, in one object per key{said}"
