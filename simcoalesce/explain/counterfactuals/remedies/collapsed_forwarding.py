"""An HTTP cache whose misses of one key share a fetch."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import NoSuchLayer, ScenarioEdit


class CollapsedForwarding(Remedy):
    """nginx's ``proxy_cache_lock``, Squid's ``collapsed_forwarding``, a CDN's own."""

    label = "request collapsing in the cache"
    effort = "setting"
    warning = "an answer that may not be stored lets those who wait go one by one"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        caches = [one for one in edit.entries() if one.has("lock") or one.has("locks")]
        if not caches:
            raise NoSuchLayer("the path has no cache that can collapse misses")
        return everywhere(
            caches,
            _collapse,
            "the cache collapses misses already",
        )


def _collapse(one: LayerEntry) -> str:
    if one.has("locks"):
        return one.change("locks", value=True)
    if one.written["incomplete"] == "displaces":
        one.written["incomplete"] = "whole"
    return one.change("lock", value=True)
