"""One Durable Object for all keys; it serves one request at a time, to its end."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import ScenarioEdit


class GlobalObjectBlocking(Remedy):
    """All misses queue for one object, under ``blockConcurrencyWhile``."""

    label = "one global object, blocking"
    effort = "component"
    warning = "a slow fetch of one key holds up all others"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        actor = {"id_from": "global", "gate": "block_concurrency"}
        said = edit.insert_behind_caches({"durable_object": actor})
        return f"one object for all keys, behind a mutex{said}"
