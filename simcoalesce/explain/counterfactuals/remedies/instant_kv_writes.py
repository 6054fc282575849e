"""A KV write that takes no time: the best that faster writes could do."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class InstantKvWrites(Remedy):
    """A written value can be read at once, everywhere."""

    label = "KV writes that take no time"
    effort = "component"
    warning = "no store is that fast: it is the best that faster writes could do"
    setting = "KV writes of {}"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        return everywhere(
            edit.entries_of_kind("kv.write"),
            _take_no_time,
            "KV's writes take no time already",
        )


def _take_no_time(one: LayerEntry) -> str:
    names = ("write_latency", "propagation")
    return " and ".join(filter(None, (one.scale(name, 0) for name in names)))
