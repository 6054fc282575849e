"""Absence that is read anew each time."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit


class NoNegativeCaching(Remedy):
    """A location that has read absence does not go on reading it."""

    label = "no negative caching"
    effort = "setting"
    warning = "what is not there is asked for again and again"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        reads = edit.entries("negative_ttl", called="layer that caches absence")
        return everywhere(reads, _read_anew, "no location caches absence")


def _read_anew(one: LayerEntry) -> str:
    return one.shorten("negative_ttl", "0ms")
