"""Several objects in place of one."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.units import PositiveCount


class ShardedObject(Remedy):
    """Keys are spread over so many objects, by their hash."""

    label = "object split into shards"
    effort = "code"
    warning = "one key that all ask for still has one object"
    parameter, strengths = "shards", tuple(2**step for step in range(1, 11))

    shards: PositiveCount = 10
    """How many objects."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        objects = edit.entries_of_kind("durable_object")
        return everywhere(objects, self._split, "there are as many objects already")

    def _split(self, one: LayerEntry) -> str:
        now = one.written["id_from"]
        has = now["shards"] if isinstance(now, dict) else int(now == "global")
        is_fewer = 0 < has < self.shards
        return one.change("id_from", {"shards": self.shards}) if is_fewer else ""
