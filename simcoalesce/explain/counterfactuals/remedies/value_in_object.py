"""One Durable Object for each key, which keeps the value that it fetches."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class ValueInObject(Remedy):
    """Until KV shows the value, the object serves it from its memory."""

    label = "object per key, value kept in it"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        ttl = edit.layer("kv.write")["ttl"]
        actor = {"durable_object": {"id_from": "key"}}
        edit.insert_behind_caches(actor, {"memory": {"ttl": ttl}})
        return f"the value stays in the object for {ttl}"
