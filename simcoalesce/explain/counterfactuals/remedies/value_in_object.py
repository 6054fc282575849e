"""One Durable Object for each key, which keeps the value that it fetches."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class ValueInObject(Remedy):
    """Until the store behind shows the value, the object serves it from its memory."""

    label = "object per key, value kept in it"
    effort = "component"
    warning = "a purge of the other stores does not reach the object's memory"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        ttl = edit.usual_ttl()
        actor = {"durable_object": {"id_from": "key"}}
        said = edit.insert_behind_caches(actor, {"memory": {"ttl": ttl}})
        return f"the value stays in the object for {ttl}{said}"
