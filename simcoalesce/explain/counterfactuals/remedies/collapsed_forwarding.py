"""An HTTP cache whose misses of one key share a fetch."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit


class CollapsedForwarding(Remedy):
    """Squid's ``collapsed_forwarding``, a CDN's request collapsing."""

    label = "request collapsing in the cache"
    is_cause = True

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        cache = edit.layer("cdn")
        if cache["lock"]:
            raise DoesNotApply("the cache collapses misses already")
        cache["lock"] = True
        if cache["incomplete"] == "displaces":
            cache["incomplete"] = "whole"
        return "misses of a key wait for one fetch"
